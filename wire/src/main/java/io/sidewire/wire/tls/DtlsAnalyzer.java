package io.sidewire.wire.tls;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.DatagramConsumer;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.quic.Pieces;

/**
 * The hellos of DTLS 1.0, 1.2 and 1.3, put together from their fragments.
 *
 * <pre>
 * | type | version | epoch | sequence (6) | length |              a record, several in a datagram
 *        | type | length (3) | message | at (3) | bytes (3) |    a handshake fragment in it
 * </pre>
 */
public final class DtlsAnalyzer implements DatagramConsumer {
  private static final String TRANSPORT = "dtls";
  private static final int RECORD = 13;
  private static final int FRAGMENT = 12;

  private final ObservationSink sink;
  private final int limit;
  private final Messages client = new Messages();
  private final Messages server = new Messages();
  private Hello hello;
  private boolean helloReported;
  private boolean answered;
  private boolean contentReported;
  private int records;

  public DtlsAnalyzer(Limits limits, ObservationSink sink) {
    this.sink = sink;
    this.limit = limits.handshakeBytes();
  }

  /** Do the records of this datagram fit it to the byte, or as far as the capture has it? */
  public static boolean sniff(byte[] bytes, int offset, int length, boolean complete) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (end - at < RECORD) {
        return !complete && at > offset;
      }
      int type = bytes[at];
      int version = TlsRecords.u16(bytes, at + 1);
      boolean known = type >= TlsRecords.CHANGE_CIPHER_SPEC
          && type <= 25
          && (version == 0xfeff || version == 0xfefd);
      if (!known) {
        // Records of DTLS 1.3 with their own short header may follow a full one.
        return at > offset && (type & 0xe0) == 0x20;
      }
      if (at == offset
          && type == TlsRecords.HANDSHAKE
          && epoch(bytes, at) == 0
          && !firstFragmentFits(bytes, at, end)) {
        return false;
      }
      at += RECORD + TlsRecords.u16(bytes, at + 11);
    }
    return at == end || !complete;
  }

  private static int epoch(byte[] bytes, int at) {
    return TlsRecords.u16(bytes, at + 3);
  }

  private static boolean firstFragmentFits(byte[] bytes, int at, int end) {
    ByteView in = new ByteView(bytes, at + RECORD, end - at - RECORD);
    in.skip(1);
    int length = in.u24();
    in.skip(2);
    int from = in.u24();
    int size = in.u24();
    return in.good() && from + size <= length && size + FRAGMENT <= TlsRecords.u16(bytes, at + 11);
  }

  @Override
  public void onDatagram(
      Side from, byte[] bytes, int offset, int length, long timeMicros, boolean complete) {
    if (helloReported && answered) {
      return;
    }
    int at = offset;
    int end = offset + length;
    while (end - at >= RECORD && TlsRecords.u16(bytes, at + 1) >>> 8 == 0xfe) {
      int size = TlsRecords.u16(bytes, at + 11);
      records++;
      if (records > 1) {
        content(timeMicros);
      }
      if (bytes[at] == TlsRecords.HANDSHAKE && epoch(bytes, at) == 0) {
        fragments(
            from, new ByteView(bytes, at + RECORD, Math.min(size, end - at - RECORD)), timeMicros);
      }
      at += RECORD + size;
    }
  }

  @Override
  public void onFlowEnd(long timeMicros) {}

  private void content(long time) {
    if (!contentReported) {
      contentReported = true;
      sink.observe(new Content(time, TRANSPORT));
    }
  }

  private void fragments(Side from, ByteView in, long time) {
    while (in.left() >= FRAGMENT) {
      int type = in.u8();
      int length = in.u24();
      int sequence = in.u16();
      int start = in.u24();
      ByteView data = in.sub(in.u24());
      if (!in.good() || start + data.left() > length) {
        return;
      }
      // Who sent the flow's first datagram may well be the server of DTLS: in WebRTC that is
      // settled before.
      boolean clientHello = type == HandshakeMessages.CLIENT_HELLO && !helloReported;
      if (clientHello || type == HandshakeMessages.SERVER_HELLO && !answered) {
        (from == Side.CLIENT ? client : server).add(type, length, sequence, start, data, time);
      }
    }
  }

  private void message(int type, byte[] bytes, int length, long time) {
    if (type == HandshakeMessages.CLIENT_HELLO) {
      hello = Hello.parse(bytes, 0, length, true, false);
      if (hello == null) {
        sink.observe(new Odd(time, -1, Anomaly.TLS_INVALID_HANDSHAKE));
        return;
      }
      content(time);
      helloReported = true;
      sink.observe(hello.observation(time, TRANSPORT));
      return;
    }
    ServerHelloMessage answer = ServerHelloMessage.parse(bytes, 0, length, true, false);
    if (answer == null) {
      sink.observe(new Odd(time, -1, Anomaly.TLS_INVALID_HANDSHAKE));
      return;
    }
    content(time);
    answered = !answer.observation(time, TRANSPORT, hello).helloRetryRequest();
    sink.observe(answer.observation(time, TRANSPORT, hello));
  }

  /** The fragments of one message at a time: a later message, or the same sent anew, takes the place. */
  private final class Messages {
    private Pieces pieces;
    private int sequence = -1;
    private int length;

    void add(int type, int length, int sequence, int start, ByteView data, long time) {
      if (length > limit) {
        sink.observe(new Odd(time, -1, Anomaly.TLS_HANDSHAKE_LIMIT));
        return;
      }
      if (pieces == null || sequence != this.sequence || length != this.length) {
        pieces = new Pieces(limit);
        this.sequence = sequence;
        this.length = length;
      }
      pieces.add(start, data.bytes(), data.position(), data.left());
      if (pieces.prefix() >= length) {
        byte[] whole = pieces.bytes();
        pieces = null;
        message(type, whole, length, time);
      }
    }
  }
}
