package io.sidewire.capture;

import io.sidewire.capture.CaptureCounters.Count;
import io.sidewire.wire.flow.WireAnalyzer;

/**
 * One input on its way through analysis and encoding, with its clock. Single-threaded.
 *
 * <p>The clock of a file is that of its packets: a tick comes before the first packet of each new second, so a replay
 * ends flows and times out requests where the live run did. A live capture ticks each second of the wall clock, and after
 * half a second where something was observed; its clock is the latest packet time, and where nothing is left to decode,
 * the wall clock.
 */
final class CaptureLane {
  private static final long SECOND_MICROS = 1_000_000;
  /** Packets still in the kernel's ring may be this old when the queue is empty. */
  private static final long RING_MICROS = 100_000;
  /** Idle flows ended a tick of a live capture, so that housekeeping never stalls it. */
  private static final int LIVE_BUDGET = 20_000;

  private final CaptureInput input;
  private final WireAnalyzer analyzer;
  private final BatchEncoder encoder;
  private final CaptureCounters counters;
  private final DuplicateFilter duplicates;
  private long clock = Long.MIN_VALUE;
  private long second = Long.MIN_VALUE;
  private long firstTime = Long.MAX_VALUE;
  private long packets;
  /** Taken, but not counted yet: {@link #count}. */
  private int freshPackets;

  private long freshBytes;

  CaptureLane(
      CaptureInput input, WireAnalyzer analyzer, BatchEncoder encoder, CaptureCounters counters) {
    this.input = input;
    this.analyzer = analyzer;
    this.encoder = encoder;
    this.counters = counters;
    this.duplicates = input.file() ? null : new DuplicateFilter();
  }

  /** Analyses the frames of a block. */
  void decode(FrameBlock block) {
    for (int i = 0; i < block.count; i++) {
      long time = block.times[i];
      advance(time);
      freshPackets++;
      freshBytes += block.wireLengths[i];
      if (isDuplicate(block, i)) {
        counters.add(Count.DUPLICATE_DROPPED, 1);
        continue;
      }
      analyzer.packet(
          block.linkTypes[i],
          block.bytes,
          block.offsets[i],
          block.captured[i],
          block.wireLengths[i],
          time);
    }
    count();
  }

  /** Before each tick: what a file's tick tells must not depend on how its frames came in blocks. */
  private void count() {
    packets += freshPackets;
    counters.add(Count.PACKETS_RECEIVED, freshPackets);
    counters.add(Count.BYTES_RECEIVED, freshBytes);
    freshPackets = 0;
    freshBytes = 0;
  }

  /** A live capture's tick; {@code idle}: no packet waits to be decoded. */
  void tick(long wallMicros, boolean idle) {
    if (idle) {
      clock = Math.max(clock, wallMicros - RING_MICROS);
    }
    if (clock != Long.MIN_VALUE) {
      analyzer.tick(clock, LIVE_BUDGET);
      encoder.tick(clock, false);
    }
  }

  /** Lets observations that wait for more go, where no packet comes to do so. */
  void idle(long wallMicros) {
    encoder.advance(wallMicros);
  }

  /** True where results wait for a tick. */
  boolean isAheadOfTicks() {
    return encoder.isAheadOfTicks();
  }

  boolean isWaiting() {
    return encoder.isWaiting();
  }

  /** Ends every flow and says that no more will follow. */
  CaptureSummary.Input finish() {
    analyzer.end();
    encoder.tick(clock == Long.MIN_VALUE ? 0 : clock, true);
    return new CaptureSummary.Input(
        input.host(),
        input.epoch(),
        packets,
        packets == 0 ? null : firstTime,
        packets == 0 ? null : clock,
        encoder.sequences());
  }

  private void advance(long time) {
    firstTime = Math.min(firstTime, time);
    if (time > clock) {
      long now = Math.floorDiv(time, SECOND_MICROS);
      if (input.file() && now > second) {
        if (clock != Long.MIN_VALUE) {
          long start = now * SECOND_MICROS;
          count();
          analyzer.tick(start, Integer.MAX_VALUE);
          encoder.tick(start, false);
        }
        second = now;
      }
      clock = time;
    }
    encoder.advance(time);
  }

  private boolean isDuplicate(FrameBlock block, int i) {
    return duplicates != null
        && block.linkTypes[i] == LivePcapSource.LINUX_SLL2
        && duplicates.isDuplicate(
            block.bytes, block.offsets[i], block.captured[i], block.wireLengths[i], block.times[i]);
  }
}
