package io.sidewire.wire.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.EverySplit;
import io.sidewire.testkit.FuzzTarget;
import io.sidewire.wire.Observation;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.fuzz.TalkBytes.Step;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiFunction;

/** A reader of streams, given a conversation: what it saw does not depend on where the bytes were cut. */
public abstract class StreamFuzz implements FuzzTarget {
  private static final long START = 1_700_000_000_000_000L;
  private static final int CRUMBS = 3000;

  /** A fresh reader for an input. */
  protected abstract StreamConsumer reader(byte[] input, ObservationSink sink);

  /** Where the conversation begins in an input. */
  protected int header() {
    return 0;
  }

  /** The bytes on the wire that a step stands for. */
  protected byte[] wire(byte[] input, Step step) {
    return step.bytes();
  }

  @Override
  public void run(byte[] input) {
    List<Step> steps = new ArrayList<>();
    int total = 0;
    for (Step step : input.length < header() ? List.<Step>of() : TalkBytes.read(input, header())) {
      byte[] bytes = wire(input, step);
      steps.add(new Step(step.kind(), step.from(), bytes, step.number()));
      total += bytes.length;
    }
    List<String> whole = seen(input, steps, (bytes, number) -> List.of(bytes));
    same(
        whole,
        seen(input, steps, (bytes, number) -> EverySplit.pieces(bytes, place(bytes, number))),
        steps);
    if (total <= CRUMBS) {
      same(whole, seen(input, steps, (bytes, number) -> EverySplit.every(bytes, 1)), steps);
    }
  }

  private static void same(List<String> whole, List<String> cut, List<Step> steps) {
    if (!resynchronised(whole, steps) && !resynchronised(cut, steps)) {
      assertThat(cut).isEqualTo(whole);
    }
  }

  /**
   * TLS without its beginning, and TLS or DNS behind a loss, are found again where a segment begins with a record or is a
   * message: there, and only there, the cuts say something. Decision 75.
   */
  private static boolean resynchronised(List<String> seen, List<Step> steps) {
    boolean gap = steps.stream().anyMatch(step -> step.kind() == TalkBytes.GAP);
    boolean hello =
        says(seen, "ClientHello ") && !says(seen, " version=2 "); // SSLv2's records are not read
    return says(seen, "TLS_INVALID_RECORD")
        || says(seen, "kind=tls") && (gap || !hello)
        || gap && (says(seen, "kind=dns") || says(seen, "kind=DNS_INVALID"));
  }

  private static boolean says(List<String> seen, String what) {
    return seen.stream().anyMatch(line -> line.contains(what));
  }

  /** A place to cut that differs by input. */
  private static int place(byte[] bytes, int number) {
    int hash = number;
    for (int i = 0; i < Math.min(bytes.length, 64); i++) {
      hash = 31 * hash + bytes[i];
    }
    return bytes.length < 2 ? 0 : 1 + Math.floorMod(hash, bytes.length - 1);
  }

  private List<String> seen(
      byte[] input, List<Step> steps, BiFunction<byte[], Integer, List<byte[]>> cut) {
    List<String> seen = new ArrayList<>();
    StreamConsumer reader = reader(input, observation -> seen.add(text(observation)));
    long[] sequence = {0xfffffff0L, 1000};
    boolean[] over = new boolean[2];
    long time = START;
    int number = 0;
    for (Step step : steps) {
      time += 1000;
      int me = step.from().ordinal();
      if (step.kind() == TalkBytes.TIME) {
        time += 1000L * step.number();
        reader.onTime(time);
      } else if (!over[me]) {
        Side other = step.from().other();
        reader.onAcknowledged(step.from(), sequence[other.ordinal()]);
        switch (step.kind()) {
          case TalkBytes.GAP -> {
            long missing = step.number() + 1L;
            reader.onGap(step.from(), missing, time);
            sequence[me] = sequence[me] + missing & 0xffffffffL;
          }
          case TalkBytes.END -> {
            reader.onEnd(step.from(), false, time);
            over[me] = true;
          }
          case TalkBytes.RESET -> {
            reader.onEnd(step.from(), true, time);
            if (!over[1 - me]) {
              reader.onEnd(other, true, time);
            }
            over[0] = true;
            over[1] = true;
          }
          default -> {
            for (byte[] piece : cut.apply(step.bytes(), number++)) {
              if (piece.length == 0) {
                continue; // never given to a reader
              }
              reader.onData(step.from(), piece, 0, piece.length, time, sequence[me]);
              sequence[me] = sequence[me] + piece.length & 0xffffffffL;
            }
          }
        }
      }
    }
    reader.onFlowEnd(time + 1000);
    return seen;
  }

  /** All that an observation says; arrays by their content. */
  public static String text(Observation observation) {
    StringBuilder out = new StringBuilder(observation.getClass().getSimpleName());
    try {
      for (RecordComponent part : observation.getClass().getRecordComponents()) {
        part.getAccessor().setAccessible(true);
        Object value = part.getAccessor().invoke(observation);
        String shown = value instanceof byte[] b ? HexFormat.of().formatHex(b) : "" + value;
        out.append(' ').append(part.getName()).append('=').append(shown);
      }
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
    return out.toString();
  }
}
