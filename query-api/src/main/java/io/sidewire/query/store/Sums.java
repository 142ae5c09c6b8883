package io.sidewire.query.store;

import io.sidewire.query.store.RollUp.Detail;
import io.sidewire.query.store.RollUp.Level;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;

/** What queries ask for most, kept by bucket: traffic by flow type, who had it, and what captures lost. */
final class Sums {
  private final BucketCache<TypeSum> types;
  private final BucketCache<TrafficKey> talkers;
  private final BucketCache<CaptureHealth> losses;
  private final Deserializer<TrafficWindow> traffic;
  private final Deserializer<CaptureHealth> health;
  private final Rolling trafficRolling;

  /** Traffic of one flow type, volume or calls. */
  record TypeSum(TrafficKey key, TrafficWindow row) {}

  /** @param mostSums of each kind that are kept */
  Sums(Topics topics, int mostSums) {
    types = new BucketCache<>(mostSums);
    talkers = new BucketCache<>(mostSums);
    losses = new BucketCache<>(mostSums);
    traffic = topics.traffic().value().deserializer();
    health = topics.hosts().value().deserializer();
    trafficRolling = new TrafficRolling(topics);
  }

  BucketCache<TypeSum> types() {
    return types;
  }

  BucketCache<TrafficKey> talkers() {
    return talkers;
  }

  BucketCache<CaptureHealth> losses() {
    return losses;
  }

  /** After a row of a store was written or removed. */
  void touched(String store, long time) {
    if (store.equals(Names.TRAFFIC)) {
      types.touched(time);
      talkers.touched(time);
    } else if (store.equals(Names.HEALTH)) {
      losses.touched(time);
    }
  }

  /** After rows of any time were removed from a store. */
  void swept(String store) {
    if (store.equals(Names.TRAFFIC)) {
      types.clear();
      talkers.clear();
    } else if (store.equals(Names.HEALTH)) {
      losses.clear();
    }
  }

  void clear() {
    swept(Names.TRAFFIC);
    swept(Names.HEALTH);
  }

  List<TypeSum> types(Level level, long bucket, List<Row> rows) {
    Map<Bytes, Rolling.Sum> sums = new LinkedHashMap<>();
    for (Row row : rows) {
      byte[] id = trafficRolling.id(Detail.TYPE, level, bucket, row.id());
      sums.computeIfAbsent(Bytes.wrap(id), any -> trafficRolling.sum(id)).add(row.record());
    }
    List<TypeSum> all = new ArrayList<>(sums.size());
    sums.forEach((id, sum) -> all.add(
        new TypeSum(TrafficKey.fromBytes(id.get()), traffic.deserialize(null, sum.record()))));
    return all;
  }

  /** One key for each host and flow type; names are shared, since each bucket repeats them. */
  List<TrafficKey> talkers(Level level, long bucket, List<Row> rows) {
    var keys = new LinkedHashSet<TrafficKey>();
    for (Row row : rows) {
      TrafficKey key = TrafficKey.fromBytes(row.id());
      String host = key.host().intern();
      String type = key.flowType().intern();
      keys.add(new TrafficKey(host, type, "", "", true, level.seconds, bucket, "", 0));
    }
    return List.copyOf(keys);
  }

  /** The counters of each host; what else a health row says is left out. */
  List<CaptureHealth> losses(Level level, long bucket, List<Row> rows) {
    Map<String, CaptureHealth> hosts = new LinkedHashMap<>();
    for (Row row : rows) {
      String host = HealthKey.fromBytes(row.id()).host().intern();
      CaptureHealth one = health.deserialize(null, row.record());
      CaptureHealth sum = hosts.get(host);
      if (sum == null) {
        one.setHost(host);
        one.setRefusedParses(Map.of());
        one.setSettings(Map.of());
        hosts.put(host, one);
      } else {
        HealthRolling.addCounters(sum, one);
      }
    }
    return List.copyOf(hosts.values());
  }
}
