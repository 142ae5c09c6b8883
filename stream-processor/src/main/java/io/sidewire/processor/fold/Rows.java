package io.sidewire.processor.fold;

import io.sidewire.rules.FlowType;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.Keys;
import io.sidewire.schemas.Outcome;
import org.apache.avro.specific.SpecificRecordBase;

/** Exchange rows: how one begins, what its flow gives it, and the figures that follow from its times. */
final class Rows {
  private Rows() {}

  static Exchange begin(Scope scope, FlowState flow, String exchangeId) {
    var row = new Exchange();
    row.setExchangeId(exchangeId);
    row.setHost(scope.host());
    row.setEpoch(scope.epoch());
    row.setFlowId(flow.getFlow().getFlowId());
    row.setProtocol("");
    row.setEvidence(Evidence.UNKNOWN);
    row.setOutcome(Outcome.OPEN);
    row.setComplete(true);
    return row;
  }

  /** What the flow gives each of its exchanges. */
  static void dress(Exchange row, FlowState state, long number) {
    FlowRecord flow = state.getFlow();
    row.setClient(flow.getClient());
    row.setServer(flow.getServer());
    row.setFlowType(flow.getFlowType());
    row.setServerName(flow.getServerName());
    row.setProcess(flow.getProcess());
    row.setServerProcess(flow.getServerProcess());
    row.setCommunityId(flow.getCommunityId());
    row.setLeg(state.getLeg());
    row.setViaExchangeId(
        state.getViaFlowId() == null || number + state.getViaOffset() < 0
            ? null
            : Keys.exchange(state.getViaFlowId(), number + state.getViaOffset()));
  }

  /** The figures of DESIGN section 6, from the times of the row. */
  static void derive(Exchange row, Long firstChunk, Long firstToken) {
    Long requestEnd = row.getRequestEnd();
    row.setTtfbMicros(since(requestEnd, row.getResponseStart()));
    row.setFirstChunkMicros(since(requestEnd, firstChunk));
    row.setFirstTokenMicros(since(requestEnd, firstToken));
    row.setTotalMicros(since(row.getRequestStart(), row.getResponseEnd()));
  }

  static String errorOf(Outcome outcome) {
    return switch (outcome) {
      case TIMEOUT -> "timeout";
      case RESET -> "reset";
      default -> null;
    };
  }

  static boolean isOpen(Exchange row) {
    return row.getOutcome() == Outcome.OPEN;
  }

  static FlowType.Kind kind(FlowTypeRules rules, Exchange row) {
    return rules.type(row.getFlowType()).kind();
  }

  /** A copy that shares what is never changed in place. */
  static <T extends SpecificRecordBase> T copy(T from, T into) {
    int fields = from.getSchema().getFields().size();
    for (int i = 0; i < fields; i++) {
      into.put(i, from.get(i));
    }
    return into;
  }

  static Exchange copy(Exchange row) {
    return row == null ? null : copy(row, new Exchange());
  }

  private static Long since(Long from, Long to) {
    return from == null || to == null ? null : Math.max(0, to - from);
  }

  private static long orZero(Long value) {
    return value == null ? 0 : value;
  }
}
