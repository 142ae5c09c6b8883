package io.sidewire.query.store;

import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Keys;
import java.util.Comparator;

/**
 * The two views of one exchange that was captured at both ends of its connection: which of them is the server's, and what
 * they say together. No clock of one host is compared with that of the other.
 */
public final class Ends {
  /** Of clocks that differ: sequence numbers come again after that. */
  private static final long MOST_APART = 86_400_000_000L;

  private Ends() {}

  /**
   * What both views of an exchange share: Community ID, the request's TCP sequence number, and its place in a batch; null
   * where it cannot be told, and for an inner leg.
   */
  public static String nameOf(Exchange exchange) {
    if (exchange.getCommunityId() == null
        || exchange.getRequestSequence() == null
        || "inner".equals(exchange.getLeg())) {
      return null;
    }
    String id = exchange.getExchangeId();
    int dot = id.indexOf('.', Keys.flowOf(id).length());
    return exchange.getCommunityId()
        + ' '
        + exchange.getRequestSequence()
        + ' '
        + (dot < 0 ? "" : id.substring(dot));
  }

  /** True for exchanges of one name that two hosts have captured, not so far apart that the name may have come again. */
  public static boolean areViewsOfOne(Exchange one, Exchange other) {
    return !one.getHost().equals(other.getHost())
        && Math.abs(Writers.Exchanges.start(one) - Writers.Exchanges.start(other)) <= MOST_APART;
  }

  /** True where {@code one} is the server's view: an answer is never there later than at the client. */
  public static boolean isServers(Exchange one, Exchange other) {
    return BY_NEARNESS.compare(one, other) < 0;
  }

  private static final Comparator<Exchange> BY_NEARNESS = Comparator.comparing(
          Ends::latency, Comparator.nullsLast(Comparator.<Long>naturalOrder()))
      .thenComparing(row -> row.getProcess() == null ? 0 : 1)
      .thenComparing(Exchange::getExchangeId, Comparator.reverseOrder());

  private static Long latency(Exchange row) {
    return row.getTtfbMicros() != null ? row.getTtfbMicros() : row.getTotalMicros();
  }

  /** Time that request and answer were on the way; null where one view has no first byte. */
  public static Long networkMicros(Exchange client, Exchange server) {
    return client.getTtfbMicros() == null || server.getTtfbMicros() == null
        ? null
        : client.getTtfbMicros() - server.getTtfbMicros();
  }
}
