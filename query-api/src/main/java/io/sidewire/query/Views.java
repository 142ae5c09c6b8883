package io.sidewire.query;

import io.sidewire.query.store.ReadModel;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Interaction;
import java.util.List;
import java.util.Map;

/** The JSON that the API promises, one record for each object. Times are epoch microseconds; absent is null. */
public final class Views {
  private Views() {}

  /** Count and percentiles of a latency in microseconds, or of a size in bytes; null where the count is 0. */
  public record Stats(long count, Long p50, Long p90, Long p95, Long p99, Long max) {}

  /**
   * Packets that reached an aggregate, and what was lost before, by where.
   *
   * @param droppedBySaving packets that are in the figures, but not in the saved capture files
   */
  public record Loss(
      long aggregated,
      long droppedByKernel,
      long droppedByInterface,
      long droppedByQueue,
      long droppedBeforeKafka,
      long missingBatches,
      long late,
      long gapBytes,
      long droppedBySaving) {}

  /**
   * One flow type of a summary, or all of them. Volume is null where the answer is narrowed to operations, which have
   * none.
   *
   * @param rate exchanges a second over the span
   * @param coverage share of the traffic of these hosts that reached an aggregate; null: no capture reported
   */
  public record SummaryRow(
      String flowType,
      Long packets,
      Long packetsToServer,
      Long packetsToClient,
      Long frameBytes,
      Long frameBytesToServer,
      Long frameBytesToClient,
      Long payloadBytes,
      Long payloadBytesToServer,
      Long payloadBytesToClient,
      Long flows,
      long exchanges,
      double rate,
      long errors,
      Map<String, Long> errorsByClass,
      long inputTokens,
      long outputTokens,
      Stats ttfb,
      Stats firstChunk,
      Stats total,
      Stats requestBytes,
      Stats responseBytes,
      Double coverage) {}

  /** Answer of {@code summary}. */
  public record SummaryAnswer(
      long from, long to, List<SummaryRow> flowTypes, SummaryRow all, Double coverage, Loss loss) {}

  /**
   * One line of a series.
   *
   * @param key what the line is of; null without a group; {@code _other}: all that are not among the largest
   * @param values one for each of {@code times}; null: nothing to take a percentile of
   */
  public record Line(String key, List<Number> values) {}

  /** Answer of {@code series}: one value for each time and line. */
  public record SeriesAnswer(
      long from,
      long to,
      String metric,
      String unit,
      String group,
      long stepMicros,
      List<Long> times,
      List<Line> series,
      Double coverage) {}

  /**
   * Answer of {@code heatmap}: how many values of each step fall between two bounds.
   *
   * @param bounds the lower bound of each row of cells, and the upper bound of the last; about 8 a power of ten
   * @param counts one list for each of {@code times}, one count a row; null: a step without values
   */
  public record HeatmapAnswer(
      long from,
      long to,
      String metric,
      String unit,
      long stepMicros,
      List<Long> times,
      List<Long> bounds,
      List<List<Long>> counts,
      long count,
      Double coverage) {}

  /**
   * A page, newest first.
   *
   * @param nextCursor where the next page begins; null: there is nothing more. A page can be short and still have a next
   *     one.
   */
  public record PageAnswer<T>(
      long from, long to, List<T> items, String nextCursor, Double coverage) {}

  /**
   * An exchange, and the interaction that it is a step of, once known.
   *
   * @param otherEnd the same exchange as another host has seen it; null: none has
   */
  public record ExchangeView(Exchange exchange, String interactionId, Exchange otherEnd) {
    public static ExchangeView of(ReadModel model, Exchange exchange, String interactionId) {
      return new ExchangeView(exchange, interactionId, model.otherEnd(exchange));
    }
  }

  /** An interaction with the exchanges of its steps, as far as they are still kept. */
  public record InteractionAnswer(Interaction interaction, List<ExchangeView> exchanges) {}

  /** A capture host within the span. */
  public record HostView(
      String host,
      List<String> epochs,
      boolean file,
      int liveEpochs,
      long firstSeen,
      long lastSeen,
      long packetsReceived,
      long bytesReceived,
      long duplicateDropped,
      long duplicateBatches,
      long evictedFlows,
      Map<String, Long> refusedParses,
      Map<String, String> settings,
      List<String> alerts,
      Double coverage,
      Loss loss) {}

  /** Answer of {@code hosts}. */
  public record HostsAnswer(long from, long to, List<HostView> items, Double coverage) {}

  /** A flow type with its face in views; {@code seen}: there is traffic of it. */
  public record FlowTypeView(
      String flowType, String title, String icon, String colour, String kind, boolean seen) {}

  /** Answer of {@code flow-types}. */
  public record FlowTypesAnswer(List<FlowTypeView> items) {}
}
