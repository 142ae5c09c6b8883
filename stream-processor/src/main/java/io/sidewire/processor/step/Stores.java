package io.sidewire.processor.step;

import io.sidewire.processor.Names;
import io.sidewire.processor.fold.StateMap;
import io.sidewire.schemas.AdmittedNames;
import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.EpochState;
import io.sidewire.schemas.ExchangeState;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.FlowWindow;
import io.sidewire.schemas.InteractionEntry;
import io.sidewire.schemas.InteractionState;
import io.sidewire.schemas.Knowledge;
import io.sidewire.schemas.RowState;
import io.sidewire.schemas.RpcSession;
import io.sidewire.schemas.RpcState;
import io.sidewire.schemas.RpcWaiting;
import io.sidewire.schemas.UnknownSchemaException;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.StoreBuilder;

/** The stores: each with its serdes, a changelog, and so many values kept decoded until a commit writes them. */
public final class Stores {
  /** What the values that {@link Store#kept} allows take on the heap, about, over all stores. */
  private static final long KEPT_BYTES = 16L << 20;

  private static final int LEAST_KEPT = 64;

  /** One store; {@code kept}: its share of {@link #KEPT_BYTES} as entries. */
  public record Store<V>(String name, Serde<V> values, int kept) {

    /** @param cacheBytes what all stores together may keep on the heap, about */
    public StoreBuilder<?> builder(long cacheBytes) {
      var below = org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
              org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name),
              Serdes.String(),
              values)
          .withLoggingEnabled(Map.of());
      long entries = Math.max(LEAST_KEPT, kept * cacheBytes / KEPT_BYTES);
      return new KeptStoreBuilder<>(below, (int) Math.min(Integer.MAX_VALUE, entries));
    }

    /** The store as a map; what it kept and did not change is read anew. */
    StateMap<V> open(ProcessorContext<?, ?> context) {
      KeptStore<V> store = context.getStateStore(name);
      store.forgetUnchanged();
      return store;
    }
  }

  public static final Store<EpochState> EPOCHS = avro(Names.EPOCH_STORE, EpochState.class, 256);
  public static final Store<FlowState> FLOWS = avro(Names.FLOW_STORE, FlowState.class, 4096);
  public static final Store<FlowWindow> FLOW_VOLUMES =
      avro(Names.FLOW_VOLUME_STORE, FlowWindow.class, 4096);
  public static final Store<Knowledge> KNOWLEDGE =
      avro(Names.KNOWLEDGE_STORE, Knowledge.class, 2048);
  public static final Store<ExchangeState> EXCHANGES =
      avro(Names.EXCHANGE_STORE, ExchangeState.class, 4096);
  public static final Store<RpcState> RPC = avro(Names.RPC_STORE, RpcState.class, 1024);
  public static final Store<RpcSession> RPC_SESSIONS =
      avro(Names.RPC_SESSION_STORE, RpcSession.class, 1024);
  public static final Store<RpcWaiting> RPC_WAITING =
      avro(Names.RPC_WAITING_STORE, RpcWaiting.class, 1024);
  public static final Store<Knowledge> LEGS = avro(Names.LEG_STORE, Knowledge.class, 1024);
  public static final Store<String> TIMERS = new Store<>(Names.TIMER_STORE, Serdes.String(), 8192);
  public static final Store<InteractionState> INTERACTIONS =
      avro(Names.INTERACTION_STORE, InteractionState.class, 256);
  public static final Store<InteractionEntry> INTERACTION_ENTRIES =
      avro(Names.INTERACTION_ENTRY_STORE, InteractionEntry.class, 1024);
  public static final Store<RowState> ROWS = avro(Names.ROW_STORE, RowState.class, 2048);
  public static final Store<CaptureHealth> HEALTH =
      avro(Names.HEALTH_STORE, CaptureHealth.class, 256);
  public static final Store<AdmittedNames> ADMITTED =
      avro(Names.ADMITTED_STORE, AdmittedNames.class, 256);
  public static final Store<String> DIRTY = new Store<>(Names.DIRTY_STORE, Serdes.String(), 4096);

  private Stores() {}

  private static <V extends SpecificRecordBase> Store<V> avro(
      String name, Class<V> type, int kept) {
    Serde<V> values = AvroSerde.of(type);
    return new Store<>(
        name,
        Serdes.serdeFrom(
            values.serializer(), (topic, bytes) -> read(name, values.deserializer(), topic, bytes)),
        kept);
  }

  private static <V> V read(String name, Deserializer<V> values, String topic, byte[] bytes) {
    try {
      return values.deserialize(topic, bytes);
    } catch (UnknownSchemaException e) {
      throw new LaterStateException(name);
    }
  }
}
