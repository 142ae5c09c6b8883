package io.sidewire.query;

import io.sidewire.query.store.ReadModel;
import io.sidewire.query.store.RollUp;
import io.sidewire.schemas.Endpoint;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.TrafficKey;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What an answer is narrowed down to, the same for every kind of row.
 *
 * @param status as in {@link Param#STATUS}; empty: any
 * @param minLatencyMicros shortest total time; 0: any, also what has none yet
 */
public record Filter(
    Match host,
    Match flowType,
    Match server,
    Match operation,
    Set<String> status,
    long minLatencyMicros) {

  static final Set<String> STATUS_WORDS = Set.of(
      "2xx",
      "3xx",
      "4xx",
      "5xx",
      "ok",
      "error",
      "open",
      "ended",
      "answered",
      "timeout",
      "reset",
      "gap",
      "capture_ended",
      "superseded");

  public boolean test(Exchange exchange) {
    return host.test(exchange.getHost())
        && flowType.test(exchange.getFlowType())
        && serves(exchange.getServerName(), exchange.getServer())
        && operation.test(exchange.getOperation())
        && statusOf(exchange)
        && longEnough(exchange.getTotalMicros());
  }

  public boolean test(FlowRecord flow) {
    return host.test(flow.getHost())
        && flowType.test(flow.getFlowType())
        && serves(flow.getServerName(), flow.getServer());
  }

  public boolean test(Interaction interaction) {
    boolean failed = interaction.getErrors() > 0;
    boolean stated = status.isEmpty()
        || status.contains(interaction.getState())
        || status.contains(failed ? "error" : "ok");
    return host.test(interaction.getHost())
        && stated
        && longEnough(interaction.getTotalMicros())
        && (flowType.isAll()
            || interaction.getSteps().stream().anyMatch(step -> flowType.test(step.getFlowType())))
        && (operation.isAll()
            || interaction.getSteps().stream()
                .anyMatch(step -> operation.test(step.getOperation())));
  }

  /** Volume rows have no operation, and cannot be told apart by one. */
  boolean test(TrafficKey row) {
    boolean takesBack = ReadModel.takesBack(row);
    return (takesBack ? host.isAll() : host.test(row.host()))
        && flowType.test(row.flowType())
        && serverName(row.serverName())
        && (operation.isAll() || (!row.volumeRow() && operation.test(row.operation())));
  }

  /** The least detail of sums that this can still be tested on. */
  RollUp.Detail detail() {
    if (!server.isAll() || !operation.isAll()) {
      return RollUp.Detail.ALL;
    }
    return host.isAll() ? RollUp.Detail.TYPE : RollUp.Detail.HOST;
  }

  /** True where nothing is said of hosts: what two of them have seen is then told once. */
  public boolean ofAllHosts() {
    return host.isAll();
  }

  /** The hosts whose rows are looked up one by one; null: rows are read by time. */
  List<String> hosts(ReadModel model) {
    return host.isAll() ? null : model.few(host::test);
  }

  private boolean serves(String name, Endpoint endpoint) {
    return server.isAll()
        || server.test(name)
        || server.test(endpoint.getAddress())
        || (endpoint.getPort() != null
            && server.test(endpoint.getAddress() + ":" + endpoint.getPort()));
  }

  /** A traffic row has one text for both: a name, or address:port. */
  private boolean serverName(String name) {
    int colon = name.lastIndexOf(':');
    return server.test(name) || (colon > 0 && server.test(name.substring(0, colon)));
  }

  private boolean statusOf(Exchange exchange) {
    if (status.isEmpty()) {
      return true;
    }
    boolean ended = exchange.getOutcome() != Outcome.OPEN;
    boolean failed = exchange.getError() != null;
    Integer code = exchange.getStatus();
    return status.contains(exchange.getOutcome().name().toLowerCase(Locale.ROOT))
        || (ended && status.contains("ended"))
        || (failed && status.contains("error"))
        || (ended && !failed && status.contains("ok"))
        || (code != null
            && (status.contains(Integer.toString(code)) || status.contains(code / 100 + "xx")));
  }

  private boolean longEnough(Long totalMicros) {
    return minLatencyMicros == 0 || (totalMicros != null && totalMicros >= minLatencyMicros);
  }
}
