package io.sidewire.wire.tls;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.tls.TlsSniff.Verdict;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A TLS connection: hellos read, exchanges inferred from record direction, size and time, or decrypted where its keys are
 * given.
 *
 * <p>It may begin anywhere: with the client hello (of SSLv2 format too), after a lost beginning, or in the middle of the
 * connection, where only exchanges can be seen.
 */
public final class TlsAnalyzer implements StreamConsumer {
  private static final String TRANSPORT = "tcp";

  private final ObservationSink sink;
  private final int limit;
  private final Half client;
  private final Half server;
  private final RecordWatch inference;
  private final KeyedConnection keyed; // null: no key log is used

  private byte[] first = new byte[0]; // of the client, until it is known whether it is SSLv2
  private boolean firstKnown;
  private long firstTime;

  private Hello hello;
  private ServerHelloMessage answer;
  private boolean helloReported;
  private boolean retried;
  private boolean contentReported;
  private int headers;

  /** @param nextExchange numbers the exchanges of the flow; shared with the HTTP parser that a CONNECT came through */
  public TlsAnalyzer(Limits limits, ObservationSink sink, LongSupplier nextExchange) {
    this(limits, sink, nextExchange, Decryption.off(), null);
  }

  /** @param inner makes a reader of plaintext, which reports to the sink that it is given */
  public TlsAnalyzer(
      Limits limits,
      ObservationSink sink,
      LongSupplier nextExchange,
      Decryption decryption,
      Function<ObservationSink, StreamConsumer> inner) {
    this.sink = sink;
    this.limit = limits.handshakeBytes();
    this.client = new Half(Side.CLIENT);
    this.server = new Half(Side.SERVER);
    var inferring = new ExchangeInference(sink, nextExchange, limits.pipelined());
    if (decryption.on()) {
      HeldWatch watch = new HeldWatch();
      this.inference = watch;
      this.keyed = new KeyedConnection(decryption, sink, watch, inferring, inner);
    } else {
      this.inference = inferring;
      this.keyed = null;
    }
  }

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    if (from == Side.CLIENT && !firstKnown) {
      firstBytes(bytes, offset, length, timeMicros);
    } else {
      half(from).records.onData(bytes, offset, length, timeMicros);
    }
    if (keyed != null) {
      keyed.onData(from, bytes, offset, length, timeMicros, sequence);
    }
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    if (from == Side.CLIENT && !firstKnown) {
      notSslv2();
    }
    half(from).onGap(missing, timeMicros);
    if (keyed != null) {
      keyed.onGap(from, missing, timeMicros);
    }
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    inference.onEnd(from);
    if (keyed != null) {
      keyed.onEnd(from, reset, timeMicros);
    }
  }

  @Override
  public void onTime(long nowMicros) {
    if (keyed != null) {
      keyed.onTime(nowMicros);
    }
    inference.onTime(nowMicros);
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    notSslv2();
    client.records.onEnd();
    server.records.onEnd();
    client.messages.onLoss();
    server.messages.onLoss();
    if (keyed != null) {
      keyed.onFlowEnd(timeMicros);
    }
    inference.onFlowEnd(timeMicros);
  }

  private Half half(Side side) {
    return side == Side.CLIENT ? client : server;
  }

  /* An SSLv2 hello can only be the very first message. */

  private void firstBytes(byte[] bytes, int offset, int length, long time) {
    if (first.length == 0) {
      firstTime = time;
      if (length > 0 && (bytes[offset] & 0x80) == 0) { // no copy in the usual case
        firstKnown = true;
        client.records.onData(bytes, offset, length, time);
        return;
      }
    }
    int had = first.length;
    first = Arrays.copyOf(first, had + length);
    System.arraycopy(bytes, offset, first, had, length);
    Verdict verdict = Sslv2Hello.sniff(first, 0, first.length);
    if (verdict == Verdict.NO || first.length > limit) {
      notSslv2();
      return;
    }
    int whole = 2 + (first.length >= 2 ? Sslv2Hello.messageLength(first, 0) : 0);
    if (verdict == Verdict.YES && first.length >= whole) {
      sslv2(whole, time);
    }
  }

  private void sslv2(int whole, long time) {
    content(firstTime);
    if (!helloReported) {
      helloReported = true;
      // A server that takes the offer of SSLv2 goes on in its records, which say nothing to us.
      client.sawOdd = true;
      server.sawOdd = true;
      sink.observe(Sslv2Hello.observation(first, firstTime));
    }
    byte[] rest = first;
    first = new byte[0];
    firstKnown = true;
    client.records.onData(rest, whole, rest.length - whole, time);
  }

  private void notSslv2() {
    if (firstKnown) {
      return;
    }
    byte[] held = first;
    first = new byte[0];
    firstKnown = true;
    client.records.onData(held, 0, held.length, firstTime);
  }

  private void content(long time) {
    if (!contentReported) {
      contentReported = true;
      sink.observe(new Content(time, "tls"));
    }
  }

  private void odd(long time, Anomaly kind) {
    sink.observe(new Odd(time, -1, kind));
  }

  private void clientHello(byte[] bytes, int offset, int length, boolean cut, long time) {
    Hello read = Hello.parse(bytes, offset, length, false, cut);
    if (read == null) {
      if (cut) {
        inference.handshakeBegan(); // too little of it to read, yet it was one
      } else {
        odd(time, Anomaly.TLS_INVALID_HANDSHAKE);
      }
      client.messages.stop();
      return;
    }
    content(time);
    // A second hello, after HelloRetryRequest, says the same again: it is worth a line only if it
    // names what the first did not.
    boolean news = !helloReported
        || retried && hello != null && hello.serverName == null && read.serverName != null;
    if (hello == null) {
      hello = read;
      inference.clientHello(read, time);
      if (keyed != null) {
        keyed.clientHello(read, time);
      }
    }
    if (news) {
      helloReported = true;
      sink.observe(read.observation(time, TRANSPORT));
    }
  }

  private void serverHello(byte[] bytes, int offset, int length, boolean cut, long time) {
    ServerHelloMessage read = ServerHelloMessage.parse(bytes, offset, length, false, cut);
    if (read == null) {
      if (!cut) {
        odd(time, Anomaly.TLS_INVALID_HANDSHAKE);
      }
      server.messages.stop();
      return;
    }
    content(time);
    if (!read.whole) {
      return; // which version was chosen may stand in the part that is missing
    }
    sink.observe(read.observation(time, TRANSPORT, hello));
    if (read.retry) {
      retried = true;
      if (keyed != null) {
        keyed.helloRetryRequest();
      }
      return;
    }
    server.messages.stop();
    answer = read;
    inference.serverHello(read, hello, time);
    if (keyed != null) {
      keyed.serverHello(read);
    }
  }

  /** One direction: its records, and the clear messages in them. */
  private final class Half implements TlsRecords.Listener, HandshakeMessages.Listener {
    private final Side side;
    private final TlsRecords records = new TlsRecords(this);
    private final HandshakeMessages messages;
    private int type;
    private int length;
    private long start;
    private long messageStart;
    private boolean sawOdd;

    Half(Side side) {
      this.side = side;
      this.messages = new HandshakeMessages(limit, this);
    }

    void onGap(long missing, long time) {
      inference.onGap(side);
      if (type == TlsRecords.HANDSHAKE || !records.inRecord()) {
        messages.onLoss();
      }
      records.onGap(missing, time);
    }

    @Override
    public void recordBegins(int type, int version, int length, long time) {
      this.type = type;
      this.length = length;
      this.start = time;
      headers++;
      if (type == TlsRecords.APPLICATION_DATA || headers > 1) {
        content(time);
      }
      if (type == TlsRecords.APPLICATION_DATA) {
        if (keyed != null && hello == null) {
          keyed.beginningMissing(time);
        }
        messages.stop();
      } else if (type == TlsRecords.CHANGE_CIPHER_SPEC && !retried) {
        messages.stop(); // what follows is encrypted, but for the second hello after a retry
      }
    }

    @Override
    public void recordContent(byte[] bytes, int offset, int length) {
      if (type == TlsRecords.HANDSHAKE && !messages.done()) {
        if (messages.atStart()) {
          messageStart = start;
        }
        messages.onContent(bytes, offset, length);
      }
    }

    @Override
    public void recordEnds(long time, boolean whole) {
      if (type == TlsRecords.APPLICATION_DATA) {
        inference.record(side, length, start, time);
      } else if (type == TlsRecords.HANDSHAKE) {
        inference.handshakeRecord(side);
      }
    }

    @Override
    public void recordsLost(long time) {
      messages.onLoss();
      inference.recordsLost(side);
    }

    @Override
    public void notRecords(long time) {
      messages.onLoss();
      inference.recordsLost(side);
      if (!sawOdd) { // one is enough to say that this direction is not clean
        sawOdd = true;
        odd(time, Anomaly.TLS_INVALID_RECORD);
      }
    }

    @Override
    public void message(int type, byte[] bytes, int offset, int length, boolean cut) {
      if (side == Side.CLIENT && type == HandshakeMessages.CLIENT_HELLO) {
        clientHello(bytes, offset, length, cut, messageStart);
      } else if (side == Side.SERVER && type == HandshakeMessages.SERVER_HELLO) {
        serverHello(bytes, offset, length, cut, messageStart);
      } else if (side == Side.CLIENT || type != HandshakeMessages.HELLO_REQUEST) {
        messages.stop();
      }
    }

    @Override
    public void tooLong() {
      odd(start, Anomaly.TLS_HANDSHAKE_LIMIT);
    }
  }
}
