package io.sidewire.processor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the processor counts of its own work since it started; all of it is in the metrics. */
public final class ProcessorCounters {
  public final LongAdder batches = new LongAdder();
  public final LongAdder packets = new LongAdder();
  public final LongAdder ticks = new LongAdder();
  public final LongAdder duplicateBatches = new LongAdder();
  public final LongAdder missingBatches = new LongAdder();
  public final LongAdder deadLetters = new LongAdder();
  public final LongAdder droppedRows = new LongAdder();
  /** Values of state that could not be encoded. */
  public final LongAdder leftOutValues = new LongAdder();

  public final LongAdder latePackets = new LongAdder();
  public final LongAdder exchanges = new LongAdder();
  public final LongAdder interactions = new LongAdder();
  public final LongAdder trafficRows = new LongAdder();
  public final LongAdder abortedTransactions = new LongAdder();

  /** All counters by the name that their metric has after {@code sidewire_processor_}. */
  public Map<String, LongAdder> all() {
    var all = new LinkedHashMap<String, LongAdder>();
    all.put("batches_total", batches);
    all.put("packets_total", packets);
    all.put("ticks_total", ticks);
    all.put("duplicate_batches_total", duplicateBatches);
    all.put("missing_batches_total", missingBatches);
    all.put("dead_letters_total", deadLetters);
    all.put("dropped_rows_total", droppedRows);
    all.put("left_out_values_total", leftOutValues);
    all.put("late_packets_total", latePackets);
    all.put("exchange_rows_total", exchanges);
    all.put("interaction_rows_total", interactions);
    all.put("traffic_rows_total", trafficRows);
    all.put("aborted_transactions_total", abortedTransactions);
    return all;
  }
}
