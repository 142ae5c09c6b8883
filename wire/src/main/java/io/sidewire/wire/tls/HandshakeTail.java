package io.sidewire.wire.tls;

import io.sidewire.wire.Side;
import io.sidewire.wire.tls.InferredExchange.Rec;
import java.util.ArrayList;
import java.util.List;

/**
 * Level L1 of the inference: sorts out the records of TLS 1.3 that travel as application data and are none: the rest of the
 * handshake, and alerts.
 *
 * <pre>
 * client                         server
 * hello, perhaps early data  →
 *                            ←   hello, extensions, certificate, verify, Finished     dropped
 * certificate, verify, Finished →                                                     dropped
 * data                       ↔   data
 * </pre>
 */
final class HandshakeTail {

  /** Takes the records that are data. */
  interface Output {
    void data(Side side, Rec record);
  }

  private enum Phase {
    SERVER_FLIGHT,
    CLIENT_FLIGHT,
    DATA
  }

  private final Session session;
  private final Output output;
  private Phase phase = Phase.SERVER_FLIGHT;
  private final List<Rec> clientFlight = new ArrayList<>(InferenceRules.CLIENT_FLIGHT);
  private int clientHandshakeRecords;
  private int serverRecords;
  private int firstServerRecord;
  private boolean serverFinished;
  private boolean clientLoss;

  HandshakeTail(Session session, Output output) {
    this.session = session;
    this.output = output;
  }

  /** A record of type handshake, clear or not. */
  void handshakeRecord(Side side) {
    if (side == Side.CLIENT) {
      clientHandshakeRecords++;
    }
  }

  /** Records of this side may be missing. */
  void lost(Side side) {
    clientLoss |= side == Side.CLIENT;
  }

  void record(Side side, Rec record) {
    if (phase != Phase.DATA && !session.handshakeSeen) {
      phase = Phase.DATA; // the connection was under way already
    }
    if (phase != Phase.DATA && session.tls13 == null) {
      decideVersion(side, record);
    }
    boolean tls13 = session.tls13 == null || session.tls13;
    if (phase != Phase.DATA && !tls13) {
      phase = Phase.DATA; // up to TLS 1.2 the handshake has a type of its own
      session.finishedTime = record.start();
    }
    if (tls13 && alert(side, record.length())) {
      return;
    }
    switch (phase) {
      case DATA -> output.data(side, record);
      case SERVER_FLIGHT -> serverFlight(side, record);
      case CLIENT_FLIGHT -> clientFlight(side, record);
    }
  }

  /** The server hello was not read: only TLS 1.3 has protected records before the client's handshake is over. */
  private void decideVersion(Side side, Rec record) {
    // Up to TLS 1.2 a client sends key exchange and Finished in handshake records before its data.
    boolean second = clientHandshakeRecords > 1;
    session.tls13 = !second && (side == Side.SERVER || session.offersTls13 || finished(record));
  }

  private void serverFlight(Side side, Rec record) {
    if (side == Side.CLIENT) {
      boolean beforeAnswer = session.serverHelloTime == 0 && serverRecords == 0;
      if (session.earlyData && (beforeAnswer || !endsEarlyData(record) && !finished(record))) {
        output.data(side, record); // 0-RTT
        return;
      }
      if (record.length() == InferenceRules.END_OF_EARLY_DATA) {
        return;
      }
      phase = Phase.CLIENT_FLIGHT;
      clientFlight(side, record);
      return;
    }
    serverRecords++;
    if (serverRecords == 1) {
      firstServerRecord = record.length();
    } else if (serverRecords == 2) {
      extensionsApart();
    }
    if (serverFinished && session.earlyData) {
      output.data(side, record); // an answer to 0-RTT, before the client ended the handshake
    } else if (serverFinished) {
      session.earlyTicket = record.length(); // Go's server does not wait for the client
    }
    serverFinished |= finished(record);
  }

  private boolean endsEarlyData(Rec record) {
    return record.length() == InferenceRules.END_OF_EARLY_DATA;
  }

  private boolean finished(Rec record) {
    return InferenceRules.finishedPadding(record.length(), session.cipher) >= 0;
  }

  private boolean alert(Side side, int length) {
    int padding = side == Side.CLIENT
        ? session.clientPadding
        : session.serverMayPad ? InferenceRules.PADDING : 0;
    return length == InferenceRules.ALERT_13 || length == InferenceRules.ALERT_13 + padding;
  }

  /** EncryptedExtensions is a record of its own: its length says which protocol was chosen. */
  private void extensionsApart() {
    if (session.http != Http.UNKNOWN) {
      return;
    }
    if (InferenceRules.extensionsSayH2(firstServerRecord)) {
      session.http = Http.TWO;
    } else if (InferenceRules.extensionsSayH1(firstServerRecord)) {
      session.http = Http.ONE;
    }
  }

  private void clientFlight(Side side, Rec record) {
    if (side == Side.SERVER) {
      // It would not go on before it had the Finished, so that was in the first record, with other
      // messages.
      replay();
      record(side, record);
      return;
    }
    clientFlight.add(record);
    if (finished(record)) {
      session.clientPadding = InferenceRules.finishedPadding(record.length(), session.cipher);
      open(record.end());
    } else if (clientLoss) {
      clientFlight.add(0, record); // the Finished may be what was lost
      replay();
    } else if (clientFlight.size() == InferenceRules.CLIENT_FLIGHT) {
      replay();
    }
  }

  /** The first record held the Finished; those behind it are data. */
  private void replay() {
    List<Rec> records = List.copyOf(clientFlight);
    open(records.get(0).end());
    for (Rec record : records.subList(1, records.size())) {
      output.data(Side.CLIENT, record);
    }
  }

  private void open(long finished) {
    phase = Phase.DATA;
    session.serverMayPad = serverRecords == 1;
    session.finishedTime = finished;
    clientFlight.clear();
  }

  void onFlowEnd() {
    if (phase == Phase.CLIENT_FLIGHT && !clientFlight.isEmpty()) {
      replay();
    }
  }
}
