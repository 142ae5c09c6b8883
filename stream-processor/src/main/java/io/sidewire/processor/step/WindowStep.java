package io.sidewire.processor.step;

import io.sidewire.processor.Names;
import io.sidewire.processor.ProcessorCounters;
import io.sidewire.processor.StreamConfig;
import io.sidewire.processor.fold.WindowFold;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Step 5: folds volumes and exchanges into traffic rows, health into health rows; tells those that changed. */
public final class WindowStep extends Step<Object, Event> implements WindowFold.Out {
  private final StreamConfig config;
  private final ProcessorCounters counters;
  private WindowFold fold;

  public WindowStep(StreamConfig config, ProcessorCounters counters) {
    this.config = config;
    this.counters = counters;
  }

  @Override
  void open(ProcessorContext<Object, Object> opened) {
    fold = new WindowFold(
        config.limits(),
        Stores.ROWS.open(opened),
        Stores.HEALTH.open(opened),
        Stores.ADMITTED.open(opened),
        Stores.DIRTY.open(opened),
        this);
  }

  @Override
  void schedule(ProcessorContext<Object, Object> opened) {
    // When rows are told is not what they say: wall time may decide it.
    opened.schedule(
        config.rowInterval(),
        PunctuationType.WALL_CLOCK_TIME,
        at -> punctuated(at, () -> fold.emit()));
  }

  @Override
  void handle(Record<Object, Event> record) {
    Event event = record.value();
    if (event instanceof Event.VolumeMoved moved) {
      fold.volume(moved.scope(), moved.change());
    } else if (event instanceof Event.Told told) {
      fold.exchange(told.scope(), told.old(), told.row());
    } else if (event instanceof Event.Clock clock) {
      fold.health(clock.scope(), clock.health());
      fold.onClock(clock.scope());
    } else if (event instanceof Event.Ended ended) {
      fold.onEnd(ended.scope(), ended.endOfFile());
    } else if (event instanceof Event.Repeated repeated) {
      fold.repeated(repeated.scope(), repeated.duplicates());
    } else if (event instanceof Event.Forgotten forgotten) {
      fold.forget(forgotten.scope());
    } else if (event instanceof Event.Done) {
      fold.flush();
    }
  }

  @Override
  public void traffic(TrafficWindow row) {
    counters.trafficRows.increment();
    publish(TrafficKey.of(row), row, Names.TRAFFIC_OUT);
  }

  @Override
  public void health(int shard, CaptureHealth row) {
    var key = new HealthKey(row.getHost(), row.getEpoch(), shard, row.getWindowStart());
    publish(key, row, Names.HOSTS_OUT);
  }
}
