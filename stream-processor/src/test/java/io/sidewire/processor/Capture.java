package io.sidewire.processor;

import io.sidewire.schemas.HealthCounts;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Tick;
import io.sidewire.schemas.Unflowed;
import io.sidewire.schemas.Volume;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A capture of a test: numbers its batches and hands them over. */
public final class Capture {
  /** Packet time 00:00.000 of the tests; a window begins there. */
  public static final long ZERO = 1_700_000_000L * 1_000_000;

  private final Consumer<PacketBatch> sink;
  private final String host;
  private final String epoch;
  private final boolean file;
  private long sequence;

  public Capture(String host, String epoch, boolean file, Consumer<PacketBatch> sink) {
    this.host = host;
    this.epoch = epoch;
    this.file = file;
    this.sink = sink;
  }

  /** Micros of a packet time such as 01:30.250. */
  public static long micros(String time) {
    String[] parts = time.split("[:.]");
    return ZERO
        + (Long.parseLong(parts[0]) * 60 + Long.parseLong(parts[1])) * 1_000_000
        + Long.parseLong(parts[2]) * 1000;
  }

  /** What happens at a packet time. */
  public At at(String time) {
    return new At(micros(time));
  }

  public At at(long micros) {
    return new At(micros);
  }

  /** Batches that never reach anybody. */
  public Capture loses(int batches) {
    sequence += batches;
    return this;
  }

  public final class At {
    private final long time;

    private At(long time) {
      this.time = time;
    }

    /** A batch of a flow, with one packet each way. */
    public At sees(Flow flow, Seen... seen) {
      return sees(flow, 1, seen);
    }

    public At sees(Flow flow, long packets, Seen... seen) {
      PacketBatch batch = batch();
      batch.setFlow(flow.at(time));
      batch.setVolume(packets == 0 ? null : Flow.volume(packets));
      batch.setObservations(
          new ArrayList<>(Arrays.stream(seen).map(each -> each.at(time)).toList()));
      sink.accept(batch);
      return this;
    }

    public At carries(Flow flow, Volume volume) {
      PacketBatch batch = batch();
      batch.setFlow(flow.at(time));
      batch.setVolume(volume);
      sink.accept(batch);
      return this;
    }

    public At unflowed(String type, String reason, long packets, long bytes) {
      PacketBatch batch = batch();
      batch.setUnflowed(List.of(new Unflowed(type, reason, packets, bytes)));
      sink.accept(batch);
      return this;
    }

    public At ticks() {
      return ticks(false, null);
    }

    public At ticks(boolean endOfFile, HealthCounts health) {
      PacketBatch batch = batch();
      batch.setTick(new Tick(time, endOfFile, health, new HashMap<>(Map.of("mode", "all"))));
      sink.accept(batch);
      return this;
    }

    public void ends() {
      ticks(true, null);
    }

    private PacketBatch batch() {
      var batch = new PacketBatch();
      batch.setHost(host);
      batch.setEpoch(epoch);
      batch.setShard(0);
      batch.setFile(file);
      batch.setSequence(sequence++);
      batch.setStart(time);
      batch.setEnd(time);
      batch.setPackets(List.of());
      batch.setObservations(List.of());
      batch.setUnflowed(List.of());
      return batch;
    }
  }
}
