package io.sidewire.query.store;

import io.sidewire.schemas.CaptureHealth;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.TrafficWindow;

/** Listens to what is committed and arrived after this replica started; called on the one writing thread. */
public interface News {
  /** An exchange that ended, once for each: of the views of two hosts, the one that ended first. */
  default void exchangeEnded(Exchange exchange) {}

  /** A traffic row, and what it replaces (null: nothing). */
  default void traffic(TrafficWindow before, TrafficWindow row) {}

  /** A health row of a capture, what it replaces (null: nothing), and when it arrived, in epoch milliseconds. */
  default void health(CaptureHealth before, CaptureHealth row, long arrived) {}
}
