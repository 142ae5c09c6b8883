package io.sidewire.query;

import io.sidewire.query.store.ReadModel;
import io.sidewire.schemas.CaptureHealth;

/**
 * What part of the traffic an answer rests on: packets that reached an aggregate, and every counted way to get lost on
 * the way there.
 */
final class Coverage {
  private long aggregated;
  private long droppedByKernel;
  private long droppedByInterface;
  private long droppedByQueue;
  private long droppedBeforeKafka;
  private long missingBatches;
  private long late;
  private long gapBytes;
  private long droppedBySaving;
  private boolean known;

  static Coverage of(ReadModel model, Span span, Filter filter) {
    var coverage = new Coverage();
    Span whole = span.wholeWindows();
    model.counted(
        whole.from(), whole.to(), filter.hosts(model), filter.host()::test, coverage::add);
    return coverage;
  }

  void add(CaptureHealth health) {
    known = true;
    aggregated += health.getPacketsAggregated();
    droppedByKernel += health.getDroppedByKernel();
    droppedByInterface += health.getDroppedByInterface();
    droppedByQueue += health.getDroppedByQueue();
    droppedBeforeKafka += health.getDroppedBeforeKafka();
    missingBatches += health.getMissingBatches();
    late += health.getLate();
    gapBytes += health.getGapBytes();
    droppedBySaving += health.getDroppedBySaving();
  }

  void add(Coverage other) {
    known |= other.known;
    aggregated += other.aggregated;
    droppedByKernel += other.droppedByKernel;
    droppedByInterface += other.droppedByInterface;
    droppedByQueue += other.droppedByQueue;
    droppedBeforeKafka += other.droppedBeforeKafka;
    missingBatches += other.missingBatches;
    late += other.late;
    gapBytes += other.gapBytes;
    droppedBySaving += other.droppedBySaving;
  }

  /** Aggregated ÷ (aggregated + lost); null where no capture reported. */
  Double ratio() {
    if (!known) {
      return null;
    }
    long all = aggregated + lost();
    return all == 0 ? 1.0 : (double) aggregated / all;
  }

  /** What was only not saved is in the figures. A missing batch held at least one packet; how many more is not known. */
  private long lost() {
    return droppedByKernel
        + droppedByInterface
        + droppedByQueue
        + droppedBeforeKafka
        + missingBatches
        + late;
  }

  Views.Loss loss() {
    return new Views.Loss(
        aggregated,
        droppedByKernel,
        droppedByInterface,
        droppedByQueue,
        droppedBeforeKafka,
        missingBatches,
        late,
        gapBytes,
        droppedBySaving);
  }
}
