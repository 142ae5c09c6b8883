package io.sidewire.wire.quic;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.DatagramConsumer;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.tls.ByteView;
import io.sidewire.wire.tls.Hello;
import io.sidewire.wire.tls.ServerHelloMessage;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * A QUIC connection: the hellos of its Initial packets. All later packets are encrypted with keys that no observer has.
 *
 * <pre>
 * | 1 fixed type .. pn | version | dcid | scid | token | length | packet number | payload |
 * </pre>
 */
public final class QuicAnalyzer implements DatagramConsumer {
  private static final String TRANSPORT = "quic";
  private static final int LONG_HEADER = 0xc0; // and the fixed bit
  private static final int LONGEST_ID = 20;

  /** Packets looked into a flow: hellos of post-quantum size take three, lost ones come again. */
  private static final int MOST_PACKETS = 64;

  private static final int CRYPTO = 6;
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_HELLO = 2;

  private final ObservationSink sink;
  private final int limit;
  private Pieces client;
  private Pieces server;
  private byte[] connectionId;
  private Side clientSide; // by the keys that fit; the flow's first sender may have been the server
  private Hello hello;
  private boolean answered;
  private boolean contentReported;
  private boolean oddReported;
  private int packets;

  public QuicAnalyzer(Limits limits, ObservationSink sink) {
    this.sink = sink;
    this.limit = limits.quicCryptoBytes();
    this.client = new Pieces(limit);
    this.server = new Pieces(limit);
  }

  /** Is this datagram an Initial, or another long packet, of a version that is known? */
  public static boolean sniff(byte[] bytes, int offset, int length) {
    if (length < 7 || (bytes[offset] & LONG_HEADER) != LONG_HEADER) {
      return false;
    }
    ByteView in = new ByteView(bytes, offset + 1, length - 1);
    if (QuicVersion.of((int) in.u32()) == null) {
      return false;
    }
    int destination = in.u8();
    in.skip(destination);
    int source = in.u8();
    in.skip(source);
    return in.good() && destination <= LONGEST_ID && source <= LONGEST_ID;
  }

  @Override
  public void onDatagram(
      Side from, byte[] bytes, int offset, int length, long timeMicros, boolean complete) {
    int at = offset;
    int end = offset + length;
    // Several packets may share a datagram; each long one says where it ends.
    while (at < end && !done()) {
      int next = packet(from, bytes, at, end, timeMicros);
      if (next <= at) {
        return;
      }
      at = next;
    }
  }

  @Override
  public void onFlowEnd(long timeMicros) {}

  private boolean done() {
    return answered && hello != null || packets >= MOST_PACKETS;
  }

  /** @return where the next packet begins; -1 where that cannot be known */
  private int packet(Side from, byte[] bytes, int start, int end, long time) {
    if (!sniff(bytes, start, end - start)) {
      return -1;
    }
    ByteView in = new ByteView(bytes, start, end - start);
    int first = in.u8();
    QuicVersion version = QuicVersion.of((int) in.u32());
    byte[] destination = in.take(in.u8());
    in.skip(in.u8());
    int type = first >> 4 & 3;
    if (type == version.retryType()) {
      connectionId = null; // the client starts again, with an id that the server chose
      return -1;
    }
    if (type == version.initialType) {
      in.skip((int) Math.min(Integer.MAX_VALUE, number(in))); // token
    }
    long payload = number(in);
    int numberAt = in.position();
    if (!in.good() || payload > end - numberAt) {
      return -1;
    }
    int next = numberAt + (int) payload;
    if (type == version.initialType) {
      packets++;
      initial(from, version, destination, bytes, start, numberAt, next, time);
    }
    return next;
  }

  /** A variable-length integer: its first two bits say how many bytes follow. */
  private static long number(ByteView in) {
    int first = in.u8();
    long value = first & 0x3f;
    for (int i = (1 << (first >> 6)) - 1; i > 0; i--) {
      value = value << 8 | in.u8();
    }
    return value;
  }

  private void initial(
      Side from,
      QuicVersion version,
      byte[] destination,
      byte[] bytes,
      int start,
      int numberAt,
      int end,
      long time) {
    boolean client = from == clientSide;
    byte[] frames = null;
    if (connectionId != null && clientSide != null) {
      frames = open(client, version, connectionId, bytes, start, numberAt, end);
    }
    if (frames == null && (clientSide == null || client)) {
      // The first that was captured, or the first after a Retry that was not.
      frames = open(true, version, destination, bytes, start, numberAt, end);
      if (frames != null) {
        connectionId = destination;
        clientSide = from;
        client = true;
      }
    }
    if (frames == null) {
      if (!oddReported && clientSide != null) {
        oddReported = true;
        sink.observe(new Odd(time, -1, Anomaly.QUIC_UNDECRYPTABLE));
      }
      return;
    }
    if (!contentReported) {
      contentReported = true;
      sink.observe(new Content(time, TRANSPORT));
    }
    frames(client, frames, time);
  }

  /** @return the frames; null where these are not the keys, or this is no such packet */
  private static byte[] open(
      boolean client,
      QuicVersion version,
      byte[] id,
      byte[] bytes,
      int start,
      int numberAt,
      int end) {
    if (numberAt + 4 + InitialKeys.SAMPLE > end) {
      return null;
    }
    try {
      InitialKeys keys = InitialKeys.derive(version, id, client);
      byte[] mask = keys.mask(bytes, numberAt + 4);
      int first = bytes[start] ^ mask[0] & 0x0f;
      int numberLength = (first & 3) + 1;
      byte[] header = Arrays.copyOfRange(bytes, start, numberAt + numberLength);
      header[0] = (byte) first;
      long packetNumber = 0;
      for (int i = 0; i < numberLength; i++) {
        int at = header.length - numberLength + i;
        header[at] ^= mask[1 + i];
        packetNumber = packetNumber << 8 | header[at] & 0xff;
      }
      int payloadAt = numberAt + numberLength;
      return keys.open(packetNumber, header, bytes, payloadAt, end - payloadAt);
    } catch (GeneralSecurityException e) {
      return null; // the tag did not fit
    }
  }

  private void frames(boolean fromClient, byte[] frames, long time) {
    ByteView in = new ByteView(frames, 0, frames.length);
    while (in.hasMore()) {
      long type = number(in);
      if (type == 0 || type == 1) {
        continue; // PADDING, PING
      }
      if (type == 2 || type == 3) {
        acknowledgement(in, type == 3);
      } else if (type == CRYPTO) {
        long at = number(in);
        int length = (int) Math.min(Integer.MAX_VALUE, number(in));
        ByteView data = in.sub(length);
        if (in.good()) {
          crypto(fromClient, at, data, time);
        }
      } else {
        return; // CONNECTION_CLOSE, or nothing that an Initial may hold
      }
    }
  }

  private static void acknowledgement(ByteView in, boolean counts) {
    number(in);
    number(in);
    long ranges = number(in);
    number(in);
    for (long i = 0; i < ranges && in.good(); i++) {
      number(in);
      number(in);
    }
    for (int i = 0; counts && i < 3; i++) {
      number(in);
    }
  }

  private void crypto(boolean fromClient, long at, ByteView data, long time) {
    if (fromClient ? hello != null : answered) {
      return;
    }
    Pieces pieces = fromClient ? client : server;
    if (pieces == null) {
      return; // behind a message in the same packet that was none
    }
    if (!pieces.add(at, data.bytes(), data.position(), data.left())) {
      packets = MOST_PACKETS;
      sink.observe(new Odd(time, -1, Anomaly.TLS_HANDSHAKE_LIMIT));
      return;
    }
    if (pieces.prefix() < 4) {
      return;
    }
    ByteView in = new ByteView(pieces.bytes(), 0, pieces.prefix());
    int type = in.u8();
    int length = in.u24();
    if (length > limit - 4) {
      packets = MOST_PACKETS;
      sink.observe(new Odd(time, -1, Anomaly.TLS_HANDSHAKE_LIMIT));
    } else if (in.left() >= length) {
      message(fromClient, type, pieces.bytes(), length, time);
    }
  }

  private void message(boolean fromClient, int type, byte[] bytes, int length, long time) {
    if (fromClient && type == CLIENT_HELLO) {
      hello = Hello.parse(bytes, 4, length, false, false);
      client = null;
      if (hello != null) {
        sink.observe(hello.observation(time, TRANSPORT));
        return;
      }
    } else if (!fromClient && type == SERVER_HELLO) {
      ServerHelloMessage answer = ServerHelloMessage.parse(bytes, 4, length, false, false);
      server = null;
      answered = true;
      if (answer != null) {
        sink.observe(answer.observation(time, TRANSPORT, hello));
        return;
      }
    }
    packets = MOST_PACKETS;
    sink.observe(new Odd(time, -1, Anomaly.TLS_INVALID_HANDSHAKE));
  }
}
