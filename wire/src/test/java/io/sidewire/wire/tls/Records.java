package io.sidewire.wire.tls;

import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.ResponseStart;
import io.sidewire.wire.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A script of TLS records with times, and what is inferred from them: {@code c(ms, length…)} is the client, {@code s} the
 * server; lengths are of records, without their header.
 */
final class Records {
  /** An exchange as all its reports together tell it, in milliseconds. */
  static final class Exchange {
    double start;
    double asked;
    double first = -1;
    double last = -1;
    long requestBytes;
    long bytes;
    boolean streamed;
    Integer chunks;
    boolean ambiguous;
    boolean complete;
    int ends;
    Observation.Outcome outcome;
    float confidence;

    /** {@code start asked first last}, and what is special. */
    @Override
    public String toString() {
      return text(start) + " " + text(asked) + " " + text(first) + " " + text(last)
          + (streamed ? " streamed" : "") + (ambiguous ? " ambiguous" : "")
          + (outcome == Observation.Outcome.ANSWERED ? "" : " " + outcome);
    }

    private static String text(double millis) {
      return millis < 0
          ? "-"
          : millis == Math.rint(millis) ? Long.toString((long) millis) : Double.toString(millis);
    }
  }

  private static final long EPOCH = 1_700_000_000_000_000L;

  final List<Observation> observations = new ArrayList<>();
  private long number;
  final TlsAnalyzer analyzer = new TlsAnalyzer(Limits.DEFAULT, observations::add, () -> number++);
  private double now;

  /** A handshake of TLS 1.3 up to the client's Finished, at 0 to 3 ms; EncryptedExtensions stands apart. */
  static Records tls13(String... alpn) {
    boolean two = alpn.length > 0 && List.of(alpn).contains("h2");
    return hellos(0x1302, alpn).s(2, two ? 32 : 38, 1924, 281, 69).c(3, 69);
  }

  /** The same where the server's messages come in one record, as JSSE and BoringSSL send them. */
  static Records tls13InOne(String... alpn) {
    return hellos(0x1302, alpn).s(2, 2288).c(3, 69);
  }

  static Records hellos(int cipher, String... alpn) {
    Records records = new Records();
    byte[] hello = TlsBytes.clientHello(
        0x303,
        new int[] {cipher},
        TlsBytes.serverName("a.example"),
        TlsBytes.alpn(alpn),
        TlsBytes.versions(0x304),
        TlsBytes.extension(45, new byte[] {1, 1}));
    byte[] answer =
        TlsBytes.serverHello(0x303, new byte[0], cipher, TlsBytes.extension(43, new byte[] {3, 4}));
    records.say(Side.CLIENT, 0, TlsBytes.record(22, hello));
    records.say(Side.SERVER, 2, TlsBytes.record(22, answer));
    return records;
  }

  static Records tls12(String chosen) {
    Records records = new Records();
    byte[] hello = TlsBytes.clientHello(0x303, new int[] {0xc02f}, TlsBytes.alpn("h2", "http/1.1"));
    byte[] answer = chosen == null
        ? TlsBytes.serverHello(0x303, new byte[0], 0xc02f)
        : TlsBytes.serverHello(0x303, new byte[0], 0xc02f, TlsBytes.alpn(chosen));
    records.say(Side.CLIENT, 0, TlsBytes.record(22, hello));
    records.say(
        Side.SERVER,
        2,
        TlsBytes.join(TlsBytes.record(22, answer), TlsBytes.record(22, new byte[1900])));
    records.say(
        Side.CLIENT,
        3,
        TlsBytes.join(
            TlsBytes.record(22, new byte[37]),
            TlsBytes.record(20, new byte[] {1}),
            TlsBytes.record(22, new byte[40])));
    records.say(
        Side.SERVER,
        4,
        TlsBytes.join(TlsBytes.record(20, new byte[] {1}), TlsBytes.record(22, new byte[40])));
    return records;
  }

  static Records midStream() {
    return new Records();
  }

  private static long micros(double millis) {
    return EPOCH + Math.round(millis * 1000);
  }

  Records say(Side side, double millis, byte[] bytes) {
    now = Math.max(now, millis);
    analyzer.onData(side, bytes, 0, bytes.length, micros(millis), 0);
    return this;
  }

  Records c(double millis, int... lengths) {
    return records(Side.CLIENT, millis, lengths);
  }

  Records s(double millis, int... lengths) {
    return records(Side.SERVER, millis, lengths);
  }

  private Records records(Side side, double millis, int... lengths) {
    for (int length : lengths) {
      say(side, millis, TlsBytes.data(length));
    }
    return this;
  }

  /** {@code count} records of about {@code length}, {@code step} ms apart, the first at {@code millis}. */
  Records stream(double millis, int count, double step, int length) {
    for (int i = 0; i < count; i++) {
      s(millis + i * step, length + i % 7);
    }
    return this;
  }

  Records gap(Side side, double millis, long missing) {
    analyzer.onGap(side, missing, micros(millis));
    return this;
  }

  Records tick(double millis) {
    analyzer.onTime(micros(millis));
    return this;
  }

  /** What is known now. */
  List<Exchange> soFar() {
    TreeMap<Long, Exchange> found = new TreeMap<>();
    for (Observation o : observations) {
      if (o instanceof Request r) {
        Exchange e = found.computeIfAbsent(r.exchange(), x -> new Exchange());
        check(
            r.evidence() == Evidence.INFERRED && r.protocol().equals("tls") && r.confidence() > 0);
        e.start = millis(r.start());
        e.asked = millis(r.end());
        e.requestBytes = r.bytes();
        e.ambiguous |= r.ambiguous();
        e.complete = r.complete();
        e.confidence = r.confidence();
      } else if (o instanceof ResponseStart r) {
        check(found.containsKey(r.exchange()));
        found.get(r.exchange()).first = millis(r.time());
      } else if (o instanceof ResponseEnd r) {
        Exchange e = found.get(r.exchange());
        e.last = millis(r.time());
        e.bytes = r.bytes();
        e.streamed = r.streamed();
        e.chunks = r.chunks();
        e.ambiguous |= r.ambiguous();
        e.outcome = r.outcome();
        e.ends++;
      }
    }
    return List.copyOf(found.values());
  }

  private static void check(boolean good) {
    if (!good) {
      throw new AssertionError("an observation that must not be");
    }
  }

  private static double millis(long time) {
    return (time - EPOCH) / 1000.0;
  }

  List<Exchange> end(Side first) {
    analyzer.onEnd(first, false, micros(now + 1));
    return end();
  }

  List<Exchange> end() {
    analyzer.onFlowEnd(micros(now + 1));
    return soFar();
  }
}
