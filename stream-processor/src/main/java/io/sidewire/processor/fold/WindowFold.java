package io.sidewire.processor.fold;

import io.sidewire.schemas.AdmittedNames;
import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.HealthCounts;
import io.sidewire.schemas.RowState;
import io.sidewire.schemas.TrafficWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Traffic rows and health rows of 10 seconds of packet time.
 *
 * <p>Changed rows are remembered in a store of their own and told when {@link #emit} is called: when that is, does not
 * matter to what is told in the end, and nothing is lost with the heap.
 */
public final class WindowFold {

  /** Takes the rows; they are live: what is kept must be copied. */
  public interface Out {
    void traffic(TrafficWindow row);

    void health(int shard, CaptureHealth row);
  }

  /** Name of the rows of what came after a cap was reached. */
  public static final String OTHERS = "_other";
  /** Setting of the last health row of a capture that ended; its value is true. */
  public static final String END_OF_FILE = "endOfFile";

  private static final String TRAFFIC = "t";
  private static final String HEALTH = "h";
  private static final String VOLUME = "v";
  private static final String EXCHANGES = "x";
  private static final String NAMES = "n";
  private static final String OPERATIONS = "o";
  /** An exchange is counted in flight in so many windows before its end at most. */
  private static final int IN_FLIGHT_WINDOWS = 30;
  /** Sets of admitted names that are kept decoded. */
  private static final int HEAP_SETS = 256;

  private final Limits limits;
  private final StateMap<RowState> rows;
  private final StateMap<CaptureHealth> health;
  private final StateMap<AdmittedNames> admitted;
  private final StateMap<String> dirty;
  private final Out out;
  private final Map<String, RowState> touchedRows = new LinkedHashMap<>();
  private final Map<String, CaptureHealth> touchedHealth = new LinkedHashMap<>();
  private final Set<String> knownDirty = new HashSet<>();
  private final Map<String, Long> purged = new HashMap<>();
  private final Map<String, Set<String>> admittedSets = new HashMap<>();

  public WindowFold(
      Limits limits,
      StateMap<RowState> rows,
      StateMap<CaptureHealth> health,
      StateMap<AdmittedNames> admitted,
      StateMap<String> dirty,
      Out out) {
    this.limits = limits;
    this.rows = rows;
    this.health = health;
    this.admitted = admitted;
    this.dirty = dirty;
    this.out = out;
  }

  public void volume(Scope scope, VolumeChange change) {
    String label = admitName(scope, change.window(), change.label());
    RowState state = row(scope, change.window(), change.flowType(), label, null);
    TrafficRows.add(state.getRow(), change.volume(), change.flows());
    if (change.late() != 0) {
      CaptureHealth row = health(scope, change.window());
      row.setLate(row.getLate() + change.late());
    } else if (change.fresh() != 0) {
      healthOfVolume(scope, change.window());
    }
  }

  /** The health row tells the packets of the window's volume rows: it changes with them. */
  private void healthOfVolume(Scope scope, long window) {
    String key = StateKeys.of(scope.key(), StateKeys.number(window));
    if (!knownDirty.contains(StateKeys.of(HEALTH, key))) {
      health(scope, window);
    }
  }

  /** An exchange came or changed: what it was counted as is taken back, what it is now is counted. */
  public void exchange(Scope scope, Exchange old, Exchange row) {
    if (old != null) {
      count(scope, old, -1);
    }
    count(scope, row, 1);
  }

  public void health(Scope scope, HealthChange change) {
    CaptureHealth row = health(scope, Windows.of(scope.clock()));
    row.setMissingBatches(row.getMissingBatches() + change.missing());
    row.setDuplicateBatches(row.getDuplicateBatches() + change.duplicates());
    row.setLiveEpochs(change.liveEpochs());
    row.setPacketClock(scope.clock());
    if (change.tick() == null) {
      return;
    }
    row.setSettings(change.tick().getSettings());
    HealthCounts counts = change.tick().getHealth();
    if (counts != null) {
      row.setPacketsReceived(row.getPacketsReceived() + counts.getPacketsReceived());
      row.setBytesReceived(row.getBytesReceived() + counts.getBytesReceived());
      row.setDroppedByKernel(row.getDroppedByKernel() + counts.getDroppedByKernel());
      row.setDroppedByInterface(row.getDroppedByInterface() + counts.getDroppedByInterface());
      row.setDroppedByQueue(row.getDroppedByQueue() + counts.getDroppedByQueue());
      row.setDroppedBeforeKafka(row.getDroppedBeforeKafka() + counts.getDroppedBeforeKafka());
      row.setDuplicateDropped(row.getDuplicateDropped() + counts.getDuplicateDropped());
      row.setGapBytes(row.getGapBytes() + counts.getGapBytes());
      row.setEvictedFlows(row.getEvictedFlows() + counts.getEvictedFlows());
      row.setDroppedBySaving(row.getDroppedBySaving() + counts.getDroppedBySaving());
      counts
          .getRefusedParses()
          .forEach((reason, n) -> row.getRefusedParses().merge(reason, n, Long::sum));
    }
  }

  /** The clock went on: rows out of reach of any change are forgotten; their topic keeps them. */
  public void onClock(Scope scope) {
    long boundary = Windows.of(scope.clock() - limits.rowMemory());
    Long before = purged.put(scope.key(), boundary);
    if (before == null || before == boundary) {
      return;
    }
    flush();
    emit(scope, TRAFFIC);
    emit(scope, HEALTH);
    String prefix = StateKeys.prefix(scope.key());
    String end = prefix + StateKeys.number(boundary);
    rows.range(prefix, end, (key, row) -> rows.remove(key));
    health.range(prefix, end, (key, row) -> health.remove(key));
    for (String kind : List.of(NAMES, OPERATIONS)) {
      String names = StateKeys.prefix(kind, scope.key());
      admitted.range(names, names + StateKeys.number(boundary), (key, set) -> admitted.remove(key));
    }
    admittedSets.clear();
  }

  /** The capture ended: tells all of it, the end last where it was a true one, and forgets its rows. */
  public void onEnd(Scope scope, boolean endOfFile) {
    flush();
    emit(scope, TRAFFIC);
    if (endOfFile) {
      CaptureHealth last = health(scope, Windows.of(scope.clock()));
      var settings = new HashMap<>(last.getSettings());
      settings.put(END_OF_FILE, "true");
      last.setSettings(settings);
      flush();
    }
    emit(scope, HEALTH);
    rows.removePrefix(StateKeys.prefix(scope.key()));
    admitted.removePrefix(StateKeys.prefix(NAMES, scope.key()));
    admitted.removePrefix(StateKeys.prefix(OPERATIONS, scope.key()));
    admittedSets.clear();
    purged.remove(scope.key());
    if (!endOfFile) {
      forget(scope);
    }
  }

  /** A capture that ended came again, all of it known: its last health row says so, and the end again. */
  public void repeated(Scope scope, long duplicates) {
    CaptureHealth last = health(scope, Windows.of(scope.clock()));
    last.setDuplicateBatches(last.getDuplicateBatches() + duplicates);
    last.getSettings().put(END_OF_FILE, "true");
    flush();
    emit(scope, HEALTH);
  }

  /** The epoch itself is forgotten. */
  public void forget(Scope scope) {
    health.removePrefix(StateKeys.prefix(scope.key()));
  }

  /** Keeps what the record in hand changed. */
  public void flush() {
    touchedRows.forEach((key, state) -> {
      rows.put(key, state);
      remember(StateKeys.of(TRAFFIC, key));
    });
    touchedRows.clear();
    touchedHealth.forEach((key, row) -> {
      health.put(key, row);
      remember(StateKeys.of(HEALTH, key));
    });
    touchedHealth.clear();
  }

  /** Tells the rows that changed since they were told. */
  public void emit() {
    flush();
    dirty.prefix(StateKeys.prefix(TRAFFIC), (key, none) -> tell(key));
    dirty.prefix(StateKeys.prefix(HEALTH), (key, none) -> tell(key));
  }

  private void emit(Scope scope, String kind) {
    dirty.prefix(StateKeys.prefix(kind, scope.key()), (key, none) -> tell(key));
  }

  private void tell(String dirtyKey) {
    dirty.remove(dirtyKey);
    knownDirty.remove(dirtyKey);
    String key = dirtyKey.substring(2);
    if (dirtyKey.startsWith(TRAFFIC)) {
      RowState state = rows.get(key);
      if (state != null) {
        out.traffic(TrafficRows.finish(state));
      }
    } else {
      CaptureHealth row = health.get(key);
      if (row != null) {
        keepPackets(key, row);
        out.health(Integer.parseInt(key.split("\0")[2]), row);
      }
    }
  }

  private void keepPackets(String key, CaptureHealth row) {
    long packets = packetsOf(key);
    // The rows of a capture that ended are gone; its health row has kept their sum.
    if (packets != 0 && packets != row.getPacketsAggregated()) {
      row.setPacketsAggregated(packets);
      health.put(key, row);
    }
  }

  /** Packets over the volume rows of a window, by the key of its health row. */
  private long packetsOf(String healthKey) {
    long[] packets = {0};
    rows.prefix(
        StateKeys.prefix(healthKey, VOLUME),
        (key, state) -> packets[0] +=
            state.getRow().getPacketsToServer() + state.getRow().getPacketsToClient());
    return packets[0];
  }

  private void remember(String dirtyKey) {
    if (knownDirty.add(dirtyKey)) {
      dirty.put(dirtyKey, "");
    }
  }

  private void count(Scope scope, Exchange exchange, int sign) {
    if (!ExchangeCount.counts(exchange)) {
      return;
    }
    long end = ExchangeCount.endOf(exchange);
    long oldest = scope.clock() - limits.rowMemory();
    long window = Windows.of(end);
    if (window < oldest) {
      return; // told an hour late: its row is out of reach, and `late` has counted its packets
    }
    String server = ExchangeCount.serverOf(exchange);
    TrafficRows.add(row(scope, window, exchange, server), exchange, sign);
    if (exchange.getRequestStart() == null || ExchangeCount.isStream(exchange)) {
      return;
    }
    long start = exchange.getRequestStart();
    long first = Math.max(Windows.of(start), window - (IN_FLIGHT_WINDOWS - 1) * Windows.MICROS);
    for (long at = Math.max(first, Windows.of(oldest)); at <= window; at += Windows.MICROS) {
      if (TrafficRows.isSampled(at, start, end)) {
        TrafficRows.addInFlight(row(scope, at, exchange, server), start, end, sign);
      }
    }
  }

  private RowState row(Scope scope, long window, Exchange exchange, String server) {
    String operation = admitOperation(scope, window, server, ExchangeCount.operationOf(exchange));
    String name = admitName(scope, window, server);
    return row(scope, window, exchange.getFlowType(), name, operation);
  }

  private String admitName(Scope scope, long window, String name) {
    String key = StateKeys.of(NAMES, scope.key(), StateKeys.number(window));
    return admit(key, name, limits.namesPerWindow());
  }

  private String admitOperation(Scope scope, long window, String server, String operation) {
    String key =
        StateKeys.of(OPERATIONS, scope.key(), StateKeys.number(window), StateKeys.text(server));
    return admit(key, operation, limits.operationsPerServer());
  }

  /** The name itself while there is room; a name that was let in stays in, one that was not stays out. */
  private String admit(String key, String name, int cap) {
    Set<String> names = admittedSets.get(key);
    if (names == null) {
      if (admittedSets.size() >= HEAP_SETS) {
        admittedSets.clear();
      }
      AdmittedNames kept = admitted.get(key);
      names = new LinkedHashSet<>(kept == null ? List.of() : kept.getNames());
      admittedSets.put(key, names);
    }
    if (names.contains(name)) {
      return name;
    }
    if (names.size() >= cap) {
      return OTHERS;
    }
    names.add(name);
    admitted.put(key, new AdmittedNames(new ArrayList<>(names)));
    return name;
  }

  private RowState row(Scope scope, long window, String flowType, String label, String operation) {
    String key = StateKeys.of(
        scope.key(),
        StateKeys.number(window),
        operation == null ? VOLUME : EXCHANGES,
        StateKeys.text(flowType),
        StateKeys.text(label),
        operation == null ? "" : StateKeys.text(operation));
    RowState state = touchedRows.get(key);
    if (state == null) {
      state = rows.get(key);
      if (state == null) {
        state = TrafficRows.begin(scope, window, flowType, label, operation);
      }
      touchedRows.put(key, state);
    }
    return state;
  }

  private CaptureHealth health(Scope scope, long window) {
    String key = StateKeys.of(scope.key(), StateKeys.number(window));
    CaptureHealth row = touchedHealth.get(key);
    if (row == null) {
      row = health.get(key);
      if (row == null) {
        row = new CaptureHealth();
        row.setHost(scope.host());
        row.setEpoch(scope.epoch());
        row.setFile(scope.file());
        row.setWindowStart(window);
        row.setWindowSeconds(Windows.SECONDS);
        row.setLiveEpochs(1);
        row.setPacketClock(scope.clock());
        row.setRefusedParses(new HashMap<>());
        row.setSettings(new HashMap<>());
      }
      touchedHealth.put(key, row);
    }
    return row;
  }
}
