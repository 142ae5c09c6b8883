package io.sidewire.query.store;

import io.sidewire.query.config.QueryConfig;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.HealthKey;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.Topics;
import io.sidewire.schemas.TrafficKey;
import io.sidewire.schemas.TrafficWindow;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * The reading side of the read model: everything that a query can ask of the stores, as records of the topics.
 *
 * <p>Each method throws {@link NotReadyException} while the replica is not whole. Times are epoch microseconds of packet
 * time; spans include their beginning and exclude their end.
 */
@Singleton
public class ReadModel {
  private static final int MOST_LOOKED_UP = 5;
  private static final int ROWS_BETWEEN_LOOKS = 64;

  private final StreamsEngine engine;
  private final int scanRows;
  private final Sums sums;
  private final Deserializer<Exchange> exchanges;
  private final Deserializer<FlowRecord> flows;
  private final Deserializer<Interaction> interactions;
  private final Deserializer<TrafficWindow> traffic;
  private final Deserializer<CaptureHealth> health;

  public ReadModel(StreamsEngine engine, QueryConfig config) {
    this.engine = engine;
    this.scanRows = config.scanRows();
    sums = engine.sums();
    Topics topics = engine.topics();
    exchanges = topics.exchanges().value().deserializer();
    flows = topics.flows().value().deserializer();
    interactions = topics.interactions().value().deserializer();
    traffic = topics.traffic().value().deserializer();
    health = topics.hosts().value().deserializer();
  }

  /**
   * Where a page begins and how long it may be.
   *
   * @param after null: from the newest
   */
  public record PageRequest(long from, long to, Cursor after, int limit) {}

  /**
   * Items, newest first.
   *
   * @param next where the next page begins; null: there is nothing more. A page may be short, even empty, and still have
   *     a next one, where it looked at many rows that were not wanted.
   */
  public record Page<T>(List<T> items, Cursor next) {}

  /** Exchanges that began in the span. */
  public Page<Exchange> exchanges(PageRequest page, Predicate<Exchange> wanted) {
    return page(Names.EXCHANGES, page, page.from(), row -> true, exchanges, wanted);
  }

  /** Flows that were there in the span, by their first packet. */
  public Page<FlowRecord> flows(PageRequest page, Predicate<FlowRecord> wanted) {
    return page(Names.FLOWS, page, Long.MIN_VALUE, row -> row.mark() >= page.from(), flows, wanted);
  }

  /** Interactions that were under way in the span, by their start. */
  public Page<Interaction> interactions(PageRequest page, Predicate<Interaction> wanted) {
    return page(
        Names.INTERACTIONS,
        page,
        Long.MIN_VALUE,
        row -> row.mark() >= page.from(),
        interactions,
        wanted);
  }

  public Optional<Exchange> exchange(String id) {
    return find(Names.EXCHANGES, id, exchanges);
  }

  public Optional<Interaction> interaction(String id) {
    return find(Names.INTERACTIONS, id, interactions);
  }

  /** The same exchange as another host has seen it; null where none has, or none is known. */
  public Exchange otherEnd(Exchange exchange) {
    String name = Ends.nameOf(exchange);
    if (name == null) {
      return null;
    }
    byte[] note = engine.store(Names.EXCHANGES).get(RowKey.note(RowKey.utf8(name)));
    String[] ids = EndPairs.ids(note);
    if (ids.length < 2) {
      return null;
    }
    String id = exchange.getExchangeId();
    String other = ids[0].equals(id) ? ids[1] : ids[1].equals(id) ? ids[0] : null;
    return other == null ? null : exchange(other).orElse(null);
  }

  /** True where another host, the client's, has seen this exchange too: sums over all hosts count that view. */
  public boolean isAlsoSeen(Exchange exchange) {
    Exchange other = otherEnd(exchange);
    return other != null && Ends.isServers(exchange, other);
  }

  /** True of an interaction that the client's host has seen too. */
  public boolean isAlsoSeen(Interaction interaction) {
    return !interaction.getSteps().isEmpty()
        && exchange(interaction.getSteps().get(0).getExchangeId())
            .filter(this::isAlsoSeen)
            .isPresent();
  }

  /** The interaction that an exchange is a step of; null where none is known. */
  public String interactionOf(String exchangeId) {
    byte[] note = engine.store(Names.INTERACTIONS).get(RowKey.note(RowKey.utf8(exchangeId)));
    return note == null ? null : RowKey.text(Row.record(note));
  }

  /**
   * Traffic rows of the span or sums that stand for them, oldest first: what of them is asked for is the same, read from
   * fewer rows.
   *
   * @param step no sum crosses a multiple of it, in microseconds; 0: any may
   * @param detail what sums are still told apart by; other parts of their keys are empty
   * @param hosts those that are wanted, where they are few and known; null: any
   */
  public void trafficSums(
      long from,
      long to,
      long step,
      RollUp.Detail detail,
      List<String> hosts,
      Predicate<TrafficKey> wanted,
      BiConsumer<TrafficKey, TrafficWindow> use) {
    var reader = new RollUpReader(engine.store(Names.TRAFFIC), detail, step);
    if (detail == RollUp.Detail.TYPE) {
      reader.each(from, to, sums.types(), sums::types, sum -> {
        if (wanted.test(sum.key())) {
          use.accept(sum.key(), sum.row());
        }
      });
      return;
    }
    Consumer<Row> each = row -> {
      TrafficKey key = TrafficKey.fromBytes(row.id());
      if (wanted.test(key)) {
        use.accept(key, traffic.deserialize(null, row.record()));
      }
    };
    each(reader, from, to, hosts, each);
  }

  private static void each(
      RollUpReader reader, long from, long to, List<String> hosts, Consumer<Row> use) {
    if (hosts == null) {
      reader.each(from, to, use);
      return;
    }
    for (String host : hosts) {
      reader.each(from, to, RowKey.utf8(host + '\0'), use);
    }
  }

  /** True of a row that takes back from the sums of all hosts what a second host has counted; it is of no host. */
  public static boolean takesBack(TrafficKey row) {
    return row.host().equals(EndPairs.ALSO_SEEN);
  }

  /** Each host and flow type that a traffic row of the span was seen of; some more than once. */
  public void trafficHosts(
      long from, long to, Predicate<TrafficKey> wanted, Consumer<TrafficKey> use) {
    var reader = new RollUpReader(engine.store(Names.TRAFFIC), RollUp.Detail.HOST, 0);
    reader.each(from, to, sums.talkers(), sums::talkers, key -> {
      if (wanted.test(key)) {
        use.accept(key);
      }
    });
  }

  /** Health rows of the span, or sums of them for each capture, oldest first. */
  public void healthSums(
      long from, long to, Predicate<String> host, BiConsumer<HealthKey, CaptureHealth> use) {
    var reader = new RollUpReader(engine.store(Names.HEALTH), RollUp.Detail.HOST, 0);
    reader.each(from, to, row -> {
      HealthKey key = HealthKey.fromBytes(row.id());
      if (host.test(key.host())) {
        use.accept(key, health.deserialize(null, row.record()));
      }
    });
  }

  /**
   * What the captures of the span counted, by host, oldest first; nothing else of their rows.
   *
   * @param hosts those that are wanted, where they are few and known; null: any
   */
  public void counted(
      long from, long to, List<String> hosts, Predicate<String> host, Consumer<CaptureHealth> use) {
    var reader = new RollUpReader(engine.store(Names.HEALTH), RollUp.Detail.HOST, 0);
    if (hosts == null) {
      reader.each(from, to, sums.losses(), sums::losses, counted -> {
        if (host.test(counted.getHost())) {
          use.accept(counted);
        }
      });
      return;
    }
    each(reader, from, to, hosts, row -> use.accept(health.deserialize(null, row.record())));
  }

  /** The hosts that are meant, where they are known and so few that each is looked up; else null. */
  public List<String> few(Predicate<String> host) {
    var found = new ArrayList<String>();
    for (String name : names(Names.HEALTH)) {
      if (host.test(name)) {
        found.add(name);
      }
      if (found.size() > MOST_LOOKED_UP) {
        return null;
      }
    }
    return found.isEmpty() ? null : found;
  }

  /** Start of the first and of the last traffic window within the span; empty where there is none. */
  public Optional<long[]> trafficExtent(long from, long to) {
    ReadOnlyKeyValueStore<Bytes, byte[]> store = engine.store(Names.TRAFFIC);
    Bytes low = RowKey.before(from);
    Bytes high = RowKey.before(to);
    try (var up = store.range(low, high);
        var down = store.reverseRange(low, high)) {
      if (!up.hasNext() || !down.hasNext()) {
        return Optional.empty();
      }
      return Optional.of(new long[] {
        RowKey.time(up.next().key.get()), RowKey.time(down.next().key.get())
      });
    }
  }

  /** Every flow type that a traffic row was seen of. */
  public SortedSet<String> flowTypes() {
    return names(Names.TRAFFIC);
  }

  private SortedSet<String> names(String store) {
    var names = new TreeSet<String>();
    Bytes first = Bytes.wrap(new byte[] {RowKey.NOTE});
    Bytes last = Bytes.wrap(new byte[] {RowKey.NOTE + 1});
    try (var notes = engine.store(store).range(first, last)) {
      notes.forEachRemaining(note -> names.add(RowKey.text(RowKey.name(note.key.get()))));
    }
    return names;
  }

  private <T> Page<T> page(
      String store,
      PageRequest request,
      long lowest,
      Predicate<Row> glance,
      Deserializer<T> decode,
      Predicate<T> wanted) {
    Bytes low = RowKey.before(lowest);
    Bytes high = RowKey.before(request.to());
    if (request.after() != null) {
      Bytes after = Bytes.wrap(request.after().position());
      high = after.compareTo(high) < 0 ? after : high;
    }
    var items = new ArrayList<T>();
    if (low.compareTo(high) >= 0) {
      return new Page<>(items, null);
    }
    try (KeyValueIterator<Bytes, byte[]> rows = engine.store(store).reverseRange(low, high)) {
      for (int seen = 0; rows.hasNext(); seen++) {
        KeyValue<Bytes, byte[]> entry = rows.next();
        if (entry.key.equals(high)) {
          continue; // the cursor's own row, or a row key without an id
        }
        var row = new Row(entry.key.get(), entry.value);
        if (glance.test(row)) {
          T item = decode.deserialize(null, row.record());
          if (wanted.test(item)) {
            items.add(item);
          }
        }
        boolean over = seen % ROWS_BETWEEN_LOOKS == ROWS_BETWEEN_LOOKS - 1 && Patience.pageIsOver();
        if (items.size() == request.limit() || seen >= scanRows || over) {
          return new Page<>(items, rows.hasNext() ? Cursor.after(row) : null);
        }
      }
    }
    return new Page<>(items, null);
  }

  private <T> Optional<T> find(String name, String id, Deserializer<T> decode) {
    ReadOnlyKeyValueStore<Bytes, byte[]> store = engine.store(name);
    byte[] where = store.get(RowKey.index(RowKey.utf8(id)));
    byte[] value = where == null ? null : store.get(Bytes.wrap(where));
    return value == null
        ? Optional.empty()
        : Optional.of(decode.deserialize(null, Row.record(value)));
  }
}
