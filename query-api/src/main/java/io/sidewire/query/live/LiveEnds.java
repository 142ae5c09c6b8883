package io.sidewire.query.live;

import io.sidewire.query.store.Ends;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.Interaction;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Which exchanges of the live stream are second views, captured at the other end of a connection. The view that came
 * first is told, whichever host's it is: the stream does not wait for the other one.
 *
 * <p>Remembers the latest names only; used by one thread at a time.
 */
final class LiveEnds {
  static final int MOST = 2_000;

  private final Map<String, Exchange> firsts = new Latest<>();
  private final Map<String, Exchange> others = new Latest<>();

  /** True where another host's view of this has been told. */
  boolean told(SpecificRecordBase record) {
    if (record instanceof Exchange exchange) {
      return isSecond(exchange);
    }
    return record instanceof Interaction interaction && isServers(interaction);
  }

  private boolean isSecond(Exchange exchange) {
    String name = Ends.nameOf(exchange);
    if (name == null) {
      return false;
    }
    Exchange first = firsts.get(name);
    if (first == null || first.getExchangeId().equals(exchange.getExchangeId())) {
      firsts.put(name, exchange);
      Exchange second = others.get(exchange.getExchangeId());
      if (second != null) {
        others.put(second.getExchangeId(), exchange);
      }
      return false;
    }
    if (!Ends.areViewsOfOne(first, exchange)) {
      return false;
    }
    others.put(exchange.getExchangeId(), first);
    others.put(first.getExchangeId(), exchange);
    return true;
  }

  /** An interaction begins with its first call, and bears its id: that of the server's host is the client's again. */
  private boolean isServers(Interaction interaction) {
    Exchange other = others.get(interaction.getInteractionId());
    Exchange own = other == null ? null : others.get(other.getExchangeId());
    return own != null
        && own.getExchangeId().equals(interaction.getInteractionId())
        && Ends.isServers(own, other);
  }

  private static final class Latest<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > MOST;
    }
  }
}
