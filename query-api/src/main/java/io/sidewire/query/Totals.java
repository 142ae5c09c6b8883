package io.sidewire.query;

import io.sidewire.query.sketch.Distribution;
import io.sidewire.schemas.TrafficWindow;
import java.util.Map;
import java.util.TreeMap;

/** Sum of traffic rows. Volume is taken from volume rows alone, calls from exchange rows alone. */
final class Totals {
  private long packetsToServer;
  private long packetsToClient;
  private long frameBytesToServer;
  private long frameBytesToClient;
  private long payloadBytesToServer;
  private long payloadBytesToClient;
  private long flows;
  private long exchanges;
  private long inputTokens;
  private long outputTokens;
  private final Map<String, Long> errors = new TreeMap<>();
  private final Distribution ttfb = new Distribution();
  private final Distribution firstChunk = new Distribution();
  private final Distribution total = new Distribution();
  private final Distribution requestSize = new Distribution();
  private final Distribution responseSize = new Distribution();

  void add(TrafficWindow row) {
    if (row.getVolumeRow()) {
      packetsToServer += row.getPacketsToServer();
      packetsToClient += row.getPacketsToClient();
      frameBytesToServer += row.getFrameBytesToServer();
      frameBytesToClient += row.getFrameBytesToClient();
      payloadBytesToServer += row.getPayloadBytesToServer();
      payloadBytesToClient += row.getPayloadBytesToClient();
      flows += row.getFlows();
      return;
    }
    exchanges += row.getExchanges();
    inputTokens += row.getInputTokens();
    outputTokens += row.getOutputTokens();
    row.getErrors().forEach((kind, count) -> errors.merge(kind, count, Long::sum));
    ttfb.add(row.getTtfb());
    firstChunk.add(row.getFirstChunk());
    total.add(row.getTotal());
    requestSize.add(row.getRequestSize());
    responseSize.add(row.getResponseSize());
  }

  /** True where nothing is left of it: moved to another type, say. */
  boolean isEmpty() {
    return packetsToServer == 0
        && packetsToClient == 0
        && frameBytesToServer == 0
        && frameBytesToClient == 0
        && flows == 0
        && exchanges == 0;
  }

  long exchanges() {
    return exchanges;
  }

  long frameBytes() {
    return frameBytesToServer + frameBytesToClient;
  }

  /** @param volume false: the rows were narrowed to operations */
  Views.SummaryRow view(String flowType, boolean volume, double seconds, Double coverage) {
    return new Views.SummaryRow(
        flowType,
        volume ? packetsToServer + packetsToClient : null,
        volume ? packetsToServer : null,
        volume ? packetsToClient : null,
        volume ? frameBytes() : null,
        volume ? frameBytesToServer : null,
        volume ? frameBytesToClient : null,
        volume ? payloadBytesToServer + payloadBytesToClient : null,
        volume ? payloadBytesToServer : null,
        volume ? payloadBytesToClient : null,
        volume ? flows : null,
        exchanges,
        seconds > 0 ? exchanges / seconds : 0,
        errors.values().stream().mapToLong(Long::longValue).sum(),
        errors,
        inputTokens,
        outputTokens,
        ttfb.stats(),
        firstChunk.stats(),
        total.stats(),
        requestSize.stats(),
        responseSize.stats(),
        coverage);
  }
}
