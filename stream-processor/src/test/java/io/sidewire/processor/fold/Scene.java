package io.sidewire.processor.fold;

import io.sidewire.processor.Capture;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All folds with a capture in front and the rows behind: what each topic would hold, and what its readers keep. */
final class Scene implements FoldChain.Out {
  private static final FlowTypeRules RULES = FlowTypeRules.builtIn();
  private static final AvroSerde<PacketBatch> BATCHES = AvroSerde.of(PacketBatch.class);

  final List<Exchange> told = new ArrayList<>();
  private final Map<String, Exchange> exchanges = new LinkedHashMap<>();
  private final Map<String, FlowRecord> flows = new LinkedHashMap<>();
  private int flowRows;
  private final Map<String, Interaction> interactions = new LinkedHashMap<>();
  private final Map<TrafficKey, TrafficWindow> traffic = new LinkedHashMap<>();
  private final Map<Long, CaptureHealth> health = new LinkedHashMap<>();
  private final FoldChain chain;
  private final Capture capture;

  Scene() {
    this(false);
  }

  Scene(boolean oneFlow) {
    chain = new FoldChain(RULES, Limits.DEFAULT, oneFlow, this);
    capture = new Capture("h1", "e1", false, this::accept);
  }

  Capture.At at(String time) {
    return capture.at(time);
  }

  Capture.At at(long micros) {
    return capture.at(micros);
  }

  Capture capture() {
    return capture;
  }

  /** A second capture that reaches the same folds. */
  Capture capture(String host, String epoch, boolean file) {
    return new Capture(host, epoch, file, this::accept);
  }

  /** Encoded and decoded, as on the topic: the folds may not lean on what only the heap has. */
  void accept(PacketBatch batch) {
    chain.accept(BATCHES.decode(BATCHES.encode(batch)));
  }

  void finish() {
    chain.finish();
  }

  /** The highest revision of each exchange. */
  Collection<Exchange> exchanges() {
    return exchanges.values();
  }

  Exchange exchange(String id) {
    return exchanges.get(id);
  }

  Collection<FlowRecord> flows() {
    return flows.values();
  }

  /** How many rows of flows were told. */
  int flowRows() {
    return flowRows;
  }

  FlowRecord flow(String id) {
    return flows.get(id);
  }

  Collection<Interaction> interactions() {
    return interactions.values();
  }

  Collection<TrafficWindow> traffic() {
    chain.emit();
    return traffic.values();
  }

  List<TrafficWindow> volumes() {
    return traffic().stream()
        .filter(TrafficWindow::getVolumeRow)
        .filter(row -> row.getPacketsToServer() + row.getPacketsToClient() != 0)
        .toList();
  }

  Collection<CaptureHealth> health() {
    chain.emit();
    return health.values();
  }

  /** Packets over all volume rows, by flow type. */
  Map<String, Long> packetsByType() {
    var sums = new java.util.TreeMap<String, Long>();
    for (TrafficWindow row : volumes()) {
      sums.merge(row.getFlowType(), row.getPacketsToServer() + row.getPacketsToClient(), Long::sum);
    }
    return sums;
  }

  @Override
  public void flow(FlowRecord row) {
    flowRows++;
    flows.put(row.getFlowId(), Rows.copy(row, new FlowRecord()));
  }

  @Override
  public void exchange(Exchange row) {
    Exchange copy = Rows.copy(row);
    told.add(copy);
    Exchange before = exchanges.put(row.getExchangeId(), copy);
    if (before != null && before.getRevision() >= row.getRevision()) {
      throw new AssertionError("revision of " + row.getExchangeId() + " did not grow");
    }
  }

  @Override
  public void interaction(Interaction row) {
    var serde = AvroSerde.of(Interaction.class);
    Interaction copy = serde.decode(serde.encode(row));
    Interaction before = interactions.put(row.getInteractionId(), copy);
    if (before != null && before.getRevision() >= row.getRevision()) {
      throw new AssertionError("revision of " + row.getInteractionId() + " did not grow");
    }
  }

  @Override
  public void traffic(TrafficWindow row) {
    traffic.put(TrafficKey.of(row), row);
  }

  @Override
  public void health(int shard, CaptureHealth row) {
    health.put(row.getWindowStart(), Rows.copy(row, new CaptureHealth()));
  }
}
