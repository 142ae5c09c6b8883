package io.sidewire.query.store;

import io.sidewire.query.store.RollUp.Detail;
import io.sidewire.query.store.RollUp.Level;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Topics;
import java.util.HashMap;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;

/** Health rows added up for each capture; the sum's window is that from its first row to its last. */
final class HealthRolling implements Rolling {
  private static final long SECOND = 1_000_000;

  private final Serde<CaptureHealth> rows;

  HealthRolling(Topics topics) {
    rows = topics.hosts().value();
  }

  @Override
  public List<Detail> details() {
    return List.of(Detail.HOST);
  }

  @Override
  public byte[] id(Detail detail, Level level, long bucket, byte[] rowId) {
    HealthKey key = HealthKey.fromBytes(rowId);
    return new HealthKey(key.host(), key.epoch(), key.shard(), bucket).toBytes();
  }

  @Override
  public Sum sum(byte[] id) {
    return new HealthSum();
  }

  private final class HealthSum implements Sum {
    private CaptureHealth sum;

    @Override
    public void add(byte[] record) {
      CaptureHealth row = rows.deserializer().deserialize(null, record);
      if (sum == null) {
        sum = row;
        sum.setRefusedParses(new HashMap<>(row.getRefusedParses()));
        return;
      }
      if (row.getPacketClock() >= sum.getPacketClock()) {
        sum.setPacketClock(row.getPacketClock());
        sum.setSettings(row.getSettings());
      }
      addCounters(sum, row);
      row.getRefusedParses()
          .forEach((why, count) -> sum.getRefusedParses().merge(why, count, Long::sum));
    }

    @Override
    public byte[] record() {
      return rows.serializer().serialize(null, sum);
    }
  }

  /** Adds what was counted, and widens the window. */
  static void addCounters(CaptureHealth sum, CaptureHealth row) {
    long start = Math.min(sum.getWindowStart(), row.getWindowStart());
    long end = Math.max(end(sum), end(row));
    sum.setWindowStart(start);
    sum.setWindowSeconds((int) ((end - start) / SECOND));
    sum.setLiveEpochs(Math.max(sum.getLiveEpochs(), row.getLiveEpochs()));
    sum.setPacketsReceived(sum.getPacketsReceived() + row.getPacketsReceived());
    sum.setBytesReceived(sum.getBytesReceived() + row.getBytesReceived());
    sum.setPacketsAggregated(sum.getPacketsAggregated() + row.getPacketsAggregated());
    sum.setDroppedByKernel(sum.getDroppedByKernel() + row.getDroppedByKernel());
    sum.setDroppedByInterface(sum.getDroppedByInterface() + row.getDroppedByInterface());
    sum.setDroppedByQueue(sum.getDroppedByQueue() + row.getDroppedByQueue());
    sum.setDroppedBeforeKafka(sum.getDroppedBeforeKafka() + row.getDroppedBeforeKafka());
    sum.setDuplicateDropped(sum.getDuplicateDropped() + row.getDuplicateDropped());
    sum.setMissingBatches(sum.getMissingBatches() + row.getMissingBatches());
    sum.setDuplicateBatches(sum.getDuplicateBatches() + row.getDuplicateBatches());
    sum.setLate(sum.getLate() + row.getLate());
    sum.setGapBytes(sum.getGapBytes() + row.getGapBytes());
    sum.setEvictedFlows(sum.getEvictedFlows() + row.getEvictedFlows());
    sum.setDroppedBySaving(sum.getDroppedBySaving() + row.getDroppedBySaving());
  }

  private static long end(CaptureHealth row) {
    return row.getWindowStart() + row.getWindowSeconds() * SECOND;
  }
}
