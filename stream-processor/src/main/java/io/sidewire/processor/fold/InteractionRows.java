package io.sidewire.processor.fold;

import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.InteractionState;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The row of an interaction: what each call adds to it, and what its times come to. */
final class InteractionRows {

  /** What an exchange is to an interaction. */
  enum Role {
    /** A call to a model. */
    MODEL,
    /** A call of a tool. */
    TOOL,
    /** Other work at a tool server: a step of an interaction that is there, no reason for one. */
    ASIDE,
    NONE
  }

  /** Finish reasons after which no call of a tool is pending. */
  private static final Set<String> FINAL = Set.of(
      "stop",
      "end_turn",
      "stop_sequence",
      "length",
      "max_tokens",
      "completed",
      "content_filter",
      "refusal",
      "safety");

  private InteractionRows() {}

  static InteractionState begin(Scope scope, Exchange first, String client, boolean byProcess) {
    var row = new Interaction();
    row.setInteractionId(first.getExchangeId());
    row.setHost(scope.host());
    row.setClient(client);
    row.setProcess(byProcess ? first.getProcess() : null);
    row.setState("open");
    row.setStart(first.getRequestStart());
    row.setEnd(first.getRequestStart());
    row.setSteps(new ArrayList<>());
    row.setRevision(-1);
    var state = new InteractionState();
    state.setRow(row);
    state.setModel(Spans.empty());
    state.setTool(Spans.empty());
    state.setAny(Spans.empty());
    state.setOpen(new ArrayList<>());
    return state;
  }

  /** Adds an exchange to the sums, or takes one away. */
  static void count(Interaction row, Exchange exchange, Role role, int sign) {
    if (role == Role.MODEL) {
      row.setModelCalls(row.getModelCalls() + sign);
    } else if (role == Role.TOOL) {
      row.setToolCalls(row.getToolCalls() + sign);
    }
    if (exchange.getError() != null) {
      row.setErrors(row.getErrors() + sign);
    }
    row.setInputTokens(sum(row.getInputTokens(), exchange.getInputTokens(), sign));
    row.setOutputTokens(sum(row.getOutputTokens(), exchange.getOutputTokens(), sign));
    row.setRequestBytes(row.getRequestBytes() + sign * orZero(exchange.getRequestBytes()));
    row.setResponseBytes(row.getResponseBytes() + sign * orZero(exchange.getResponseBytes()));
  }

  /** Puts the step of an exchange in its place, for the first time or again. */
  static void step(Interaction row, Exchange exchange, int cap) {
    var step = new Step();
    step.setExchangeId(exchange.getExchangeId());
    step.setFlowType(exchange.getFlowType());
    step.setOperation(exchange.getOperation());
    step.setTarget(exchange.getTarget());
    step.setOffsetMicros(exchange.getRequestStart() - row.getStart());
    step.setTotalMicros(exchange.getTotalMicros());
    step.setError(exchange.getError());
    List<Step> steps = row.getSteps();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).getExchangeId().equals(step.getExchangeId())) {
        steps.set(i, step);
        return;
      }
    }
    if (steps.size() >= cap) {
      row.setStepsCut(row.getStepsCut() + 1);
      return;
    }
    int at = steps.size();
    while (at > 0 && steps.get(at - 1).getOffsetMicros() > step.getOffsetMicros()) {
      at--;
    }
    steps.add(at, step);
  }

  static void removeStep(Interaction row, Exchange exchange) {
    row.getSteps().removeIf(step -> step.getExchangeId().equals(exchange.getExchangeId()));
  }

  /** An exchange began before the first that was known: the offsets of all steps grow. */
  static void startAt(Interaction row, long start) {
    long earlier = row.getStart() - start;
    if (earlier > 0) {
      row.setStart(start);
      for (Step step : row.getSteps()) {
        step.setOffsetMicros(step.getOffsetMicros() + earlier);
      }
    }
  }

  static void times(InteractionState state) {
    Interaction row = state.getRow();
    row.setTotalMicros(row.getEnd() - row.getStart());
    row.setModelMicros(Spans.total(state.getModel()));
    row.setToolMicros(Spans.total(state.getTool()));
    row.setAgentMicros(Math.max(0, row.getTotalMicros() - Spans.total(state.getAny())));
  }

  /** A model's answer that asks for nothing more. */
  static boolean isFinalAnswer(Exchange exchange) {
    boolean asksForTools =
        exchange.getToolCalls() != null && !exchange.getToolCalls().isEmpty();
    return exchange.getOutcome() == Outcome.ANSWERED
        && exchange.getFinishReason() != null
        && !asksForTools
        && FINAL.contains(exchange.getFinishReason().toLowerCase(Locale.ROOT));
  }

  private static Long sum(Long sum, Long value, int sign) {
    if (value == null) {
      return sum;
    }
    return orZero(sum) + sign * value;
  }

  private static long orZero(Long value) {
    return value == null ? 0 : value;
  }
}
