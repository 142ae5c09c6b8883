package io.sidewire.wire.tls;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Observation.ChosenProtocol;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.http.HeldSegments;
import io.sidewire.wire.tls.decrypt.Decryption;
import io.sidewire.wire.tls.decrypt.RecordOpener;
import io.sidewire.wire.tls.decrypt.TlsSecrets;
import java.util.function.Function;

/**
 * Waits for the secrets of a connection and reads it with them, or lets its exchanges be inferred where they do not come.
 *
 * <pre>
 *              secrets            an exchange
 * HOLDING ─────────────→ TRYING ─────────────────→ DECRYPTED    what was inferred is withdrawn
 *  │   ▲ after the wait: infer, and still hold │
 *  └───┴──────────→ INFERRED ←─────────────────┘
 *     too much, too late, no such suite, wrong keys
 * </pre>
 */
final class KeyedConnection implements StreamConsumer {

  private static final int MOST_WATCHED = 1 << 14;

  /** What a held event costs beside its bytes. */
  private static final int EVENT_BYTES = 128;

  private enum State {
    HOLDING,
    TRYING,
    DECRYPTED,
    INFERRED
  }

  private final Decryption decryption;
  private final ObservationSink sink;
  private final HeldWatch watch;
  private final ExchangeInference inference;
  private final Function<ObservationSink, StreamConsumer> inner;
  private final DecryptedSink decrypted;
  private final HeldSegments held = new HeldSegments();
  private State state = State.HOLDING;
  private long charged;
  private boolean inferring;
  private byte[] clientRandom;
  private boolean earlyData;
  private ServerHelloMessage answer;
  private long helloTime;
  private TlsSecrets secrets;
  private long version;
  private DecryptedStream stream;

  /** @param inner makes the reader of the plaintext, which reports to the sink that it is given */
  KeyedConnection(
      Decryption decryption,
      ObservationSink sink,
      HeldWatch watch,
      ExchangeInference inference,
      Function<ObservationSink, StreamConsumer> inner) {
    this.decryption = decryption;
    this.sink = sink;
    this.watch = watch;
    this.inference = inference;
    this.inner = inner;
    this.decrypted = new DecryptedSink(sink);
    this.version = decryption.keys().version() - 1;
    inference.withdrawable(true);
  }

  /** The client hello, of which at least the random was read. */
  void clientHello(Hello hello, long time) {
    if (clientRandom == null) {
      clientRandom = hello.random;
      earlyData = hello.earlyData;
      helloTime = time;
    }
  }

  /** The server asked for another hello: it takes no early data. */
  void helloRetryRequest() {
    earlyData = false;
  }

  void serverHello(ServerHelloMessage hello) {
    answer = hello;
  }

  /** The beginning of the connection was not captured, and without it no secret can be found. */
  void beginningMissing(long time) {
    if (state == State.HOLDING && clientRandom == null) {
      infer();
    }
  }

  // ---------------------------------------------------------------- stream

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    switch (state) {
      case HOLDING -> {
        if (hold(length + EVENT_BYTES)) {
          held.onData(from, bytes, offset, length, timeMicros, sequence);
          look(timeMicros);
        } else {
          giveUp(Anomaly.TLS_KEYS_MISSING, timeMicros);
        }
      }
      case TRYING, DECRYPTED -> {
        stream.onData(from, bytes, offset, length, timeMicros, sequence);
        judge(timeMicros);
      }
      case INFERRED -> {}
    }
  }

  private boolean hold(int length) {
    if (charged + length > Decryption.HELD_BYTES_FLOW || !decryption.take(length)) {
      return false;
    }
    charged += length;
    return true;
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    if (state == State.HOLDING) {
      if (!hold(EVENT_BYTES)) {
        giveUp(Anomaly.TLS_KEYS_MISSING, timeMicros);
        return;
      }
      held.onGap(from, missing, timeMicros);
      look(timeMicros);
    } else if (stream != null) {
      stream.onGap(from, missing, timeMicros);
      judge(timeMicros);
    }
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    if (state == State.HOLDING) {
      held.onEnd(from, reset, timeMicros);
      look(timeMicros);
    } else if (stream != null) {
      stream.onEnd(from, reset, timeMicros);
      judge(timeMicros);
    }
  }

  @Override
  public void onTime(long nowMicros) {
    if (state == State.HOLDING) {
      look(nowMicros);
    } else if (stream != null) {
      stream.onTime(nowMicros);
    }
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    if (state == State.HOLDING) {
      look(timeMicros);
    }
    if (state == State.HOLDING) {
      giveUp(answer == null ? null : Anomaly.TLS_KEYS_MISSING, timeMicros); // no handshake, no keys
    }
    if (stream != null) {
      stream.onFlowEnd(timeMicros);
      judge(timeMicros);
      if (state == State.TRYING && stream.verified()) {
        settleUntold(timeMicros);
      } else if (state == State.TRYING) {
        giveUp(Anomaly.TLS_UNDECRYPTABLE, timeMicros);
      }
    }
    letGo();
  }

  // ---------------------------------------------------------------- decisions

  private void look(long now) {
    if (clientRandom == null) {
      return;
    }
    boolean complete = decryption.keys().complete();
    if (decryption.keys().version() != version) {
      version = decryption.keys().version();
      secrets = decryption.keys().secrets(clientRandom);
    }
    if (answer != null) {
      if (!RecordOpener.supports(answer.version(), answer.cipher)) {
        giveUp(secrets == null ? Anomaly.TLS_KEYS_MISSING : Anomaly.TLS_UNDECRYPTABLE, now);
        return;
      }
      if (secrets != null && secrets.sufficient(answer.tls13())) {
        read(now);
        return;
      }
    }
    if (complete && answer != null) {
      giveUp(Anomaly.TLS_KEYS_MISSING, now);
    } else if (!inferring
        && (now - helloTime > decryption.waitMicros() || watch.size() > MOST_WATCHED)) {
      inferring = true;
      watch.release(inference);
    }
  }

  private void read(long now) {
    stream = DecryptedStream.of(
        clientRandom,
        earlyData,
        answer,
        secrets,
        inner.apply(decrypted),
        alpn -> sink.observe(new ChosenProtocol(now, alpn)));
    if (stream == null) {
      giveUp(Anomaly.TLS_UNDECRYPTABLE, now);
      return;
    }
    state = State.TRYING;
    held.giveAll(stream);
    letGo();
    judge(now);
  }

  private void judge(long now) {
    if (stream.takeEarlyUnread()) {
      sink.observe(new Odd(now, -1, Anomaly.TLS_EARLY_DATA_UNREAD));
    }
    if (state != State.TRYING) {
      return;
    }
    if (decrypted.told()) {
      plaintextTells(now);
    } else if (!stream.verified()) {
      if (stream.failures() > Decryption.MOST_FAILURES) {
        giveUp(Anomaly.TLS_UNDECRYPTABLE, now);
      }
    } else if (watch.size() > MOST_WATCHED) {
      settleUntold(now);
    }
  }

  private void plaintextTells(long now) {
    state = State.DECRYPTED;
    if (inferring) {
      inference.withdraw(now);
    }
    watch.discard();
  }

  /** No exchange was read in all that plaintext: of HTTP/2 one may be inferred, of anything else there is none. */
  private void settleUntold(long now) {
    if (decrypted.http2()) {
      infer();
    } else {
      plaintextTells(now);
    }
  }

  private void giveUp(Anomaly why, long time) {
    if (why != null) {
      sink.observe(new Odd(time, -1, why));
    }
    infer();
  }

  private void infer() {
    state = State.INFERRED;
    stream = null;
    held.giveAll(Nothing.INSTANCE);
    letGo();
    if (!inferring) {
      inferring = true;
      watch.release(inference);
    }
    inference.withdrawable(false);
  }

  private void letGo() {
    decryption.give(charged);
    charged = 0;
    secrets = null;
  }

  /** Takes what nobody needs. */
  private enum Nothing implements StreamConsumer {
    INSTANCE;

    @Override
    public void onData(Side from, byte[] bytes, int offset, int length, long time, long sequence) {}

    @Override
    public void onGap(Side from, long missing, long time) {}

    @Override
    public void onEnd(Side from, boolean reset, long time) {}

    @Override
    public void onFlowEnd(long time) {}
  }
}
