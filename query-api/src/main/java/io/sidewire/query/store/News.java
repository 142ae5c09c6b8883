package io.sidewire.query.store;

import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.TrafficWindow;

/** Listens to what is committed and arrived after this replica started; called on the one writing thread. */
public interface News {
  /** An exchange that ended, once for each. */
  void exchangeEnded(Exchange exchange);

  /** A traffic row, and what it replaces (null: nothing). */
  void traffic(TrafficWindow before, TrafficWindow row);
}
