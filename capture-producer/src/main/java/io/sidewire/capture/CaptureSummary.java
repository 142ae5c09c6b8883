package io.sidewire.capture;

import java.util.List;

/** What a finished capture has delivered. */
public record CaptureSummary(List<Input> inputs) {
  /**
   * One file, or the live capture.
   *
   * @param packets frames decoded
   * @param firstTime earliest packet time, epoch microseconds; null without packets
   * @param lastTime packet clock at the end; null without packets
   * @param batches batches of each shard; the last one's sequence is one less, and is the tick with the end-of-file mark
   */
  public record Input(
      String host, String epoch, long packets, Long firstTime, Long lastTime, long[] batches) {}

  public long packets() {
    return inputs.stream().mapToLong(Input::packets).sum();
  }
}
