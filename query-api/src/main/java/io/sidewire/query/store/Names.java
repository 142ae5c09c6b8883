package io.sidewire.query.store;

import java.util.List;

/** Names that are kept on disk: renaming one means reading the topics again, and a note in docs/decisions. */
public final class Names {
  public static final String TRAFFIC = "traffic-by-window";
  public static final String EXCHANGES = "exchanges-by-start";
  public static final String FLOWS = "flows-by-first-seen";
  public static final String INTERACTIONS = "interactions-by-start";
  public static final String HEALTH = "health-by-window";

  public static final List<String> STORES =
      List.of(TRAFFIC, EXCHANGES, FLOWS, INTERACTIONS, HEALTH);

  private Names() {}
}
