package io.sidewire.schemas;

/** Text keys of the topics. */
public final class Keys {
  private Keys() {}

  /** {@code host/shard}: everything of one shard of one host is in one partition, in order. */
  public static String packets(String host, int shard) {
    return host + "/" + shard;
  }

  /** The id of exchange {@code number} of a flow. */
  public static String exchange(String flowId, long number) {
    return flowId + "-" + number;
  }

  /** The flow id that an exchange id begins with. */
  public static String flowOf(String exchangeId) {
    int dash = exchangeId.indexOf('-');
    return dash < 0 ? exchangeId : exchangeId.substring(0, dash);
  }
}
