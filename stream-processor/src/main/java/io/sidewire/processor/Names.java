package io.sidewire.processor;

/**
 * Names of the topology's steps and stores. They name changelog topics and metrics: renaming one is a migration, with a
 * note in docs/decisions.
 */
public final class Names {
  /** Default application id: consumer group, changelog prefix, transactional ids. */
  public static final String APPLICATION = "sidewire-processor";

  public static final String PACKETS = "packets";
  public static final String ADMIT = "0-admit";
  public static final String FLOWS = "1-track-and-classify-flows";
  public static final String EXCHANGES = "2-pair-exchanges";
  public static final String RPC = "3-pair-rpc";
  public static final String INTERACTIONS = "4-track-interactions";
  public static final String WINDOWS = "5-fold-windows";

  public static final String FLOWS_OUT = "flows-out";
  public static final String EXCHANGES_OUT = "exchanges-out";
  public static final String INTERACTIONS_OUT = "interactions-out";
  public static final String TRAFFIC_OUT = "traffic-out";
  public static final String HOSTS_OUT = "hosts-out";

  public static final String EPOCH_STORE = "epochs";
  public static final String FLOW_STORE = "flows";
  public static final String FLOW_VOLUME_STORE = "flow-volumes";
  public static final String KNOWLEDGE_STORE = "knowledge";
  public static final String LEG_STORE = "legs";
  public static final String EXCHANGE_STORE = "exchanges";
  public static final String RPC_STORE = "rpc-calls";
  public static final String RPC_SESSION_STORE = "rpc-sessions";
  public static final String RPC_WAITING_STORE = "rpc-waiting";
  public static final String TIMER_STORE = "timers";
  public static final String INTERACTION_STORE = "interactions";
  public static final String INTERACTION_ENTRY_STORE = "interaction-entries";
  public static final String ROW_STORE = "traffic-rows";
  public static final String HEALTH_STORE = "health-rows";
  public static final String ADMITTED_STORE = "admitted-names";
  public static final String DIRTY_STORE = "changed-rows";

  private Names() {}
}
