package io.sidewire.query.store;

import io.sidewire.query.sketch.Distribution;
import io.sidewire.query.store.RollUp.Detail;
import io.sidewire.query.store.RollUp.Level;
import io.sidewire.schemas.Sketch;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;

/**
 * Traffic rows added up. A peak is the highest of the windows' peaks: exact where the windows' rows fall into one sum, else
 * at most that.
 */
final class TrafficRolling implements Rolling {
  private final Serde<TrafficWindow> rows;

  TrafficRolling(Topics topics) {
    rows = topics.traffic().value();
  }

  @Override
  public List<Detail> details() {
    return List.of(Detail.values());
  }

  @Override
  public byte[] id(Detail detail, Level level, long bucket, byte[] rowId) {
    TrafficKey key = TrafficKey.fromBytes(rowId);
    boolean all = detail == Detail.ALL;
    return new TrafficKey(
            detail == Detail.TYPE ? "" : key.host(),
            key.flowType(),
            all ? key.serverName() : "",
            all ? key.operation() : "",
            key.volumeRow(),
            level.seconds,
            bucket,
            "",
            0)
        .toBytes();
  }

  @Override
  public Sum sum(byte[] id) {
    return new TrafficSum(TrafficKey.fromBytes(id));
  }

  private final class TrafficSum implements Sum {
    private final TrafficWindow sum = new TrafficWindow();
    private final Map<String, Distribution> sketches = new HashMap<>();
    private final Map<Long, Long> peaks = new HashMap<>();

    TrafficSum(TrafficKey key) {
      sum.setWindowStart(key.windowStart());
      sum.setWindowSeconds(key.windowSeconds());
      sum.setHost(key.host());
      sum.setEpoch("");
      sum.setFlowType(key.flowType());
      sum.setServerName(key.serverName());
      sum.setOperation(key.volumeRow() ? null : key.operation());
      sum.setVolumeRow(key.volumeRow());
      sum.setErrors(new HashMap<>());
    }

    @Override
    public void add(byte[] record) {
      TrafficWindow row = rows.deserializer().deserialize(null, record);
      if (row.getVolumeRow()) {
        addVolume(row);
        return;
      }
      sum.setExchanges(sum.getExchanges() + row.getExchanges());
      row.getErrors().forEach((kind, count) -> sum.getErrors().merge(kind, count, Long::sum));
      sum.setInputTokens(sum.getInputTokens() + row.getInputTokens());
      sum.setOutputTokens(sum.getOutputTokens() + row.getOutputTokens());
      sum.setRequestBytes(sum.getRequestBytes() + row.getRequestBytes());
      sum.setResponseBytes(sum.getResponseBytes() + row.getResponseBytes());
      peaks.merge(row.getWindowStart(), row.getInFlightPeak(), Long::sum);
      add("ttfb", row.getTtfb());
      add("firstChunk", row.getFirstChunk());
      add("total", row.getTotal());
      add("requestSize", row.getRequestSize());
      add("responseSize", row.getResponseSize());
    }

    private void addVolume(TrafficWindow row) {
      sum.setPacketsToServer(sum.getPacketsToServer() + row.getPacketsToServer());
      sum.setPacketsToClient(sum.getPacketsToClient() + row.getPacketsToClient());
      sum.setFrameBytesToServer(sum.getFrameBytesToServer() + row.getFrameBytesToServer());
      sum.setFrameBytesToClient(sum.getFrameBytesToClient() + row.getFrameBytesToClient());
      sum.setPayloadBytesToServer(sum.getPayloadBytesToServer() + row.getPayloadBytesToServer());
      sum.setPayloadBytesToClient(sum.getPayloadBytesToClient() + row.getPayloadBytesToClient());
      sum.setFlows(sum.getFlows() + row.getFlows());
    }

    private void add(String name, Sketch sketch) {
      if (sketch != null) {
        sketches.computeIfAbsent(name, any -> new Distribution()).add(sketch);
      }
    }

    private Sketch sketch(String name) {
      Distribution values = sketches.get(name);
      return values == null ? null : values.toRow();
    }

    @Override
    public byte[] record() {
      sum.setInFlightPeak(
          peaks.values().stream().mapToLong(Long::longValue).max().orElse(0));
      sum.setTtfb(sketch("ttfb"));
      sum.setFirstChunk(sketch("firstChunk"));
      sum.setTotal(sketch("total"));
      sum.setRequestSize(sketch("requestSize"));
      sum.setResponseSize(sketch("responseSize"));
      return rows.serializer().serialize(null, sum);
    }
  }
}
