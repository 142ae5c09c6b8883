package io.sidewire.wire.tls;

import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.http.HeldSegments;
import io.sidewire.wire.tls.decrypt.RecordOpener;
import io.sidewire.wire.tls.decrypt.TlsSecrets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A TLS connection whose secrets are known: its records opened, and their plaintext given on as a stream of its own.
 *
 * <p>A record's plaintext has the time of the packet that completed the record, also where that one is a retransmission:
 * before it there is no plaintext, for the receiver as for us (RFC 8446 section 5.2: none without its tag). Sequence
 * numbers are positions in the plaintext. What cannot be opened is a gap of the length that it must have had.
 *
 * <p>Early data of TLS 1.3 waits for the server's word that it was accepted: else the client sends it again.
 */
final class DecryptedStream implements StreamConsumer {
  private static final int CLOSE_NOTIFY = 0;
  private static final int SMALLEST_RECORD = TlsRecords.HEADER + 17;

  private final boolean tls13;
  private final StreamConsumer inner;
  private final Half client;
  private final Half server;
  private final boolean earlyKeyKnown;
  private final Consumer<String> chosen;
  private HeldSegments early; // null: nothing waits
  private boolean earlyUnread;
  private boolean verified;
  private int failures;

  private DecryptedStream(
      boolean tls13,
      boolean earlyData,
      RecordOpener client,
      RecordOpener server,
      StreamConsumer to,
      boolean earlyKeyKnown,
      Consumer<String> chosen) {
    this.tls13 = tls13;
    this.inner = to;
    this.earlyKeyKnown = earlyKeyKnown;
    this.chosen = chosen;
    this.client = new Half(Side.CLIENT, client);
    this.server = new Half(Side.SERVER, server);
    this.early = earlyData ? new HeldSegments() : null;
    this.client.early = earlyData;
  }

  /**
   * The stream of a connection; null where this suite cannot be opened here.
   *
   * @param chosen takes the answer to ALPN of TLS 1.3, at most once
   */
  static DecryptedStream of(
      byte[] clientRandom,
      boolean earlyData,
      ServerHelloMessage answer,
      TlsSecrets secrets,
      StreamConsumer inner,
      Consumer<String> chosen) {
    if (!RecordOpener.supports(answer.version(), answer.cipher)) {
      return null;
    }
    boolean tls13 = answer.tls13();
    RecordOpener[] openers = new RecordOpener[2];
    for (Side side : Side.values()) {
      openers[side.ordinal()] = tls13
          ? RecordOpener.ofTls13(answer.cipher, secrets, side, earlyData)
          : RecordOpener.ofTls12(
              answer.cipher, secrets, clientRandom, answer.random, answer.encryptThenMac, side);
    }
    return openers[0] == null || openers[1] == null
        ? null
        : new DecryptedStream(
            tls13,
            earlyData && tls13,
            openers[0],
            openers[1],
            inner,
            secrets.hasEarlyData(),
            chosen);
  }

  /** Application data was opened: the secrets are this connection's, and the capture has whole records. */
  boolean verified() {
    return verified;
  }

  /** The server took early data whose key is not known; told once. */
  boolean takeEarlyUnread() {
    boolean unread = earlyUnread;
    earlyUnread = false;
    return unread;
  }

  /** Records that could not be opened. */
  int failures() {
    return failures;
  }

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    half(from).onData(bytes, offset, length, timeMicros);
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    half(from).onGap(missing, timeMicros);
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    Half half = half(from);
    half.records.onEnd();
    half.end(reset, timeMicros);
  }

  @Override
  public void onTime(long nowMicros) {
    inner.onTime(nowMicros);
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    client.records.onEnd();
    server.records.onEnd();
    inner.onFlowEnd(timeMicros);
  }

  private Half half(Side side) {
    return side == Side.CLIENT ? client : server;
  }

  private void earlyData(boolean accepted) {
    HeldSegments waiting = early;
    earlyUnread = accepted && !earlyKeyKnown;
    early = null;
    client.early = false;
    if (accepted && waiting != null) {
      waiting.giveAll(inner);
    }
  }

  /** One direction. */
  private final class Half implements TlsRecords.Listener, ProtectedHandshake.Listener {
    private final Side side;
    private final RecordOpener opener;
    private final TlsRecords records = new TlsRecords(this, true);
    private final ProtectedHandshake handshake = new ProtectedHandshake(this);

    private byte[] body = new byte[1 << 10];
    private int fill;
    private long completed;
    private int type;
    private int version;
    private int length;
    private long now;

    private boolean encrypted; // up to TLS 1.2: behind ChangeCipherSpec
    private boolean early; // what is opened now may be early data
    private boolean keyChanges;
    private long readTo; // position in the stream behind the last record that was accounted for
    private long
        lost; // bytes of the stream since then that the capture lacks, or that came with them
    private boolean opened;
    private long position; // of the plaintext
    private boolean ended;

    Half(Side side, RecordOpener opener) {
      this.side = side;
      this.opener = opener;
    }

    void onData(byte[] bytes, int offset, int length, long time) {
      now = time;
      records.onData(bytes, offset, length, time);
    }

    void onGap(long missing, long time) {
      now = time;
      records.onGap(missing, time);
    }

    @Override
    public void recordBegins(int type, int version, int length, long time) {
      this.type = type;
      this.version = version;
      this.length = length;
      fill = 0;
      completed = Long.MIN_VALUE;
      lost += records.recordAt() - readTo;
      readTo = records.recordAt() + TlsRecords.HEADER + length;
    }

    @Override
    public void recordContent(byte[] bytes, int offset, int length) {
      completed = Math.max(completed, now);
      if (fill + length > body.length) {
        body = Arrays.copyOf(
            body, Math.min(TlsRecords.MAX_PROTECTED, Math.max(fill + length, 2 * body.length)));
      }
      System.arraycopy(bytes, offset, body, fill, length);
      fill += length;
    }

    @Override
    public void recordEnds(long time, boolean whole) {
      if (type == TlsRecords.CHANGE_CIPHER_SPEC) {
        encrypted = true;
      } else if (type == TlsRecords.APPLICATION_DATA || encrypted && !tls13) {
        record(time, whole);
      }
    }

    private void record(long time, boolean whole) {
      if (!whole || fill < length) {
        failures++;
        opener.skip();
        if (type == TlsRecords.APPLICATION_DATA && opener.application()) {
          lose(length - opener.overhead(), time);
        }
        return;
      }
      long mayMiss = lost == 0 ? 0 : lost / SMALLEST_RECORD + 1;
      if (!opener.open(type, version, body, fill, mayMiss)) {
        failed();
        return;
      }
      opened = true;
      if (lost > 0) {
        handshake.onLoss();
        if (opener.application() && opener.missing() > 0) {
          lose(lost - opener.missing() * (TlsRecords.HEADER + opener.overhead()), time);
        }
        lost = 0;
      }
      if (tls13) {
        inner13();
      } else {
        content(type, opener.plainLength());
      }
      if (keyChanges) {
        keyChanges = false;
        opener.nextKey();
      }
    }

    /** No key fits: of the handshake, or of early data, whose keys may not be known; or the way was lost. */
    private void failed() {
      failures++;
      if (opened || lost > 0) {
        lost += TlsRecords.HEADER + length;
      }
    }

    private void lose(long missing, long time) {
      if (missing > 0 && !ended) {
        position += missing;
        inner.onGap(side, missing, time);
      }
    }

    /** The type stands behind the content, and zeros behind the type. */
    private void inner13() {
      byte[] plain = opener.plain();
      int last = opener.plainLength() - 1;
      while (last >= 0 && plain[last] == 0) {
        last--;
      }
      if (last >= 0) {
        content(plain[last], last);
      }
    }

    private void content(int type, int plainLength) {
      switch (type) {
        case TlsRecords.APPLICATION_DATA -> data(plainLength);
        case TlsRecords.HANDSHAKE -> {
          if (tls13) {
            handshake.onContent(opener.plain(), 0, plainLength);
          }
        }
        case TlsRecords.ALERT -> {
          if (plainLength == 2 && opener.plain()[1] == CLOSE_NOTIFY) {
            end(false, now);
          }
        }
        default -> {}
      }
    }

    private void data(int plainLength) {
      verified = true;
      if (early && opener.generation() > 0) {
        earlyData(false); // it was not accepted, or nobody would send under the next key yet
      }
      StreamConsumer to =
          early && DecryptedStream.this.early != null ? DecryptedStream.this.early : inner;
      if (plainLength > 0 && !ended) {
        to.onData(side, opener.plain(), 0, plainLength, completed, position & 0xffffffffL);
        position += plainLength;
      }
    }

    void end(boolean reset, long time) {
      if (!ended) {
        ended = true;
        inner.onEnd(side, reset, time);
      }
    }

    @Override
    public void message(int type, byte[] message) {
      switch (type) {
        case ProtectedHandshake.FINISHED, ProtectedHandshake.KEY_UPDATE -> keyChanges = true;
        case ProtectedHandshake.END_OF_EARLY_DATA -> {
          keyChanges = true;
          if (side == Side.CLIENT && early) {
            earlyData(true); // a client says so only where it was accepted
          }
        }
        case ProtectedHandshake.ENCRYPTED_EXTENSIONS -> {
          if (side == Side.SERVER) {
            encryptedExtensions(message);
          }
        }
        default -> {}
      }
    }

    /** RFC 8446, section 4.3.1. */
    private void encryptedExtensions(byte[] message) {
      ByteView in = new ByteView(message, 0, message.length);
      ByteView list = in.sub(in.u16());
      boolean accepted = false;
      while (list.hasMore()) {
        int type = list.u16();
        ByteView body = list.sub(list.u16());
        accepted |= type == Hello.EARLY_DATA;
        if (type == Hello.ALPN) {
          ByteView names = body.sub(body.u16());
          byte[] name = names.take(names.u8());
          if (names.good() && name.length > 0) {
            chosen.accept(HostNames.printable(name));
          }
        }
      }
      if (DecryptedStream.this.early != null) {
        earlyData(accepted);
      }
    }

    @Override
    public void recordsLost(long time) {
      handshake.onLoss();
    }

    @Override
    public void notRecords(long time) {
      handshake.onLoss();
    }
  }
}
