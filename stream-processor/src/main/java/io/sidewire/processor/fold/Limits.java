package io.sidewire.processor.fold;

import java.time.Duration;

/**
 * Every cap and span of time of the processor's state, each with its reason. Durations are of packet time, in
 * microseconds.
 *
 * @param patience an unanswered request is given up after this; longer than the timeouts of model SDKs are slow tools
 * @param endpointMemory how long what one flow taught of an endpoint holds for others
 * @param openTypeMemory how long an ended flow whose type is open may still be moved by later evidence
 * @param moveMemory how far back a flow's volume moves when its type becomes known
 * @param rowMemory how long a traffic row can still change; longer than moveMemory
 * @param grace data that is later than this is counted as late, and still folded
 * @param sessionMemory how long the names and version that an MCP session agreed on are remembered
 * @param idle an interaction ends after this without a call
 * @param interactionMemory how long an ended interaction still takes corrections
 * @param revisable ended exchanges of a flow that still take corrections
 * @param steps steps kept of an interaction
 * @param operationsPerServer operations of a server with rows of their own
 * @param namesPerWindow server names of a window with rows of their own
 * @param addressesPerAnswer addresses of a DNS answer that are remembered
 */
public record Limits(
    long patience,
    long endpointMemory,
    long openTypeMemory,
    long moveMemory,
    long rowMemory,
    long grace,
    long sessionMemory,
    long idle,
    long interactionMemory,
    int revisable,
    int steps,
    int operationsPerServer,
    int namesPerWindow,
    int addressesPerAnswer) {

  public static final Limits DEFAULT = new Limits(
      micros(Duration.ofMinutes(5)),
      micros(Duration.ofHours(1)),
      micros(Duration.ofMinutes(10)),
      micros(Duration.ofHours(1)),
      micros(Duration.ofHours(2)),
      micros(Duration.ofMinutes(1)),
      micros(Duration.ofHours(24)),
      micros(Duration.ofSeconds(5)),
      micros(Duration.ofMinutes(1)),
      16,
      200,
      200,
      500,
      16);

  public Limits withPatience(Duration value) {
    return with(micros(value), grace, idle);
  }

  public Limits withGrace(Duration value) {
    return with(patience, micros(value), idle);
  }

  public Limits withIdle(Duration value) {
    return with(patience, grace, micros(value));
  }

  private Limits with(long newPatience, long newGrace, long newIdle) {
    return new Limits(
        newPatience,
        endpointMemory,
        openTypeMemory,
        moveMemory,
        rowMemory,
        newGrace,
        sessionMemory,
        newIdle,
        interactionMemory,
        revisable,
        steps,
        operationsPerServer,
        namesPerWindow,
        addressesPerAnswer);
  }

  static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
