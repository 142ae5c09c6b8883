package io.sidewire.wire.tcp;

import io.sidewire.testkit.TcpScript;
import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Side;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a connection delivers, and plays segments of a script into one. */
final class Heard implements TcpSink {
  static final ReassemblyRules RULES = ReassemblyRules.of(4 << 20, 64 << 20);

  /** Events in order, e.g. {@code C:abc}, {@code S gap 3}, {@code C end}. */
  final List<String> events = new ArrayList<>();

  /** As {@link #events}, with milliseconds since the first segment of the script. */
  final List<String> timed = new ArrayList<>();

  final List<Anomaly> oddities = new ArrayList<>();
  final List<Integer> marks = new ArrayList<>();
  final ByteArrayOutputStream client = new ByteArrayOutputStream();
  final ByteArrayOutputStream server = new ByteArrayOutputStream();
  private long zero = Long.MIN_VALUE;

  static Heard play(TcpScript script) {
    return play(script, RULES);
  }

  static Heard play(TcpScript script, ReassemblyRules rules) {
    Heard heard = new Heard();
    TcpConnection connection = new TcpConnection(rules, heard);
    heard.feed(connection, script.segments());
    connection.finish(script.clock());
    return heard;
  }

  void feed(TcpConnection connection, List<TcpScript.Segment> segments) {
    for (TcpScript.Segment s : segments) {
      if (zero == Long.MIN_VALUE) {
        zero = s.timeMicros();
      }
      TcpSegment segment = segment(s);
      marks.add(connection.marksOf(segment));
      connection.take(segment);
    }
  }

  static TcpSegment segment(TcpScript.Segment s) {
    TcpSegment segment = new TcpSegment();
    segment.from = s.fromClient() ? Side.CLIENT : Side.SERVER;
    segment.timeMicros = s.timeMicros();
    segment.flags = s.flags();
    segment.sequence = (int) s.sequence();
    segment.acknowledgment = (int) s.acknowledgment();
    segment.window = s.window();
    segment.bytes = s.payload();
    segment.length = s.payload().length;
    segment.captured = segment.length - (s.wireLength() - s.frame().length);
    return segment;
  }

  private void add(Side from, String what, long time) {
    String name = from == Side.CLIENT ? "C" : "S";
    events.add(name + what);
    timed.add(name + what + " @" + (time - zero) / 1000);
  }

  @Override
  public void onData(Side from, byte[] bytes, int offset, int length, long time, long sequence) {
    (from == Side.CLIENT ? client : server).write(bytes, offset, length);
    add(from, ":" + new String(bytes, offset, length, StandardCharsets.ISO_8859_1), time);
  }

  @Override
  public void onGap(Side from, long missing, long time) {
    add(from, " gap " + missing, time);
  }

  @Override
  public void onCut(Side from, long missing, long time) {
    add(from, " cut " + missing, time);
  }

  @Override
  public void onEnd(Side from, boolean reset, long time) {
    add(from, reset ? " reset" : " end", time);
  }

  @Override
  public void onFlowEnd(long time) {
    throw new AssertionError("a connection does not say this");
  }

  @Override
  public void onOddity(Anomaly kind, long time) {
    oddities.add(kind);
  }
}
