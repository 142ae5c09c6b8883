package io.sidewire.query.connections;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the requests of each client: so many a second, and as many as of two seconds at once after a pause. Whoever asks
 * for more is refused until the next one is due.
 */
final class RequestRate {
  private static final int BURST_SECONDS = 2;

  private static final class Allowance {
    private double requests;
    private long at;
  }

  private final double perNano;
  private final double burst;
  private final Map<Object, Allowance> clients;
  private long refused;

  /**
   * @param perSecond of one client, at least 1
   * @param mostClients known at once; who asked longest ago is forgotten first, and begins anew
   * @throws IllegalArgumentException for less than one a second
   */
  RequestRate(int perSecond, int mostClients) {
    if (perSecond < 1) {
      throw new IllegalArgumentException(
          "sidewire.api.requests-per-second (" + perSecond + ") must be at least 1");
    }
    perNano = (double) perSecond / TimeUnit.SECONDS.toNanos(1);
    burst = (double) perSecond * BURST_SECONDS;
    clients = new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<Object, Allowance> eldest) {
        return size() > mostClients;
      }
    };
  }

  /** Takes one request of that client; false where it asks too fast. */
  synchronized boolean take(Object client, long nanos) {
    Allowance allowance = clients.computeIfAbsent(client, any -> {
      var made = new Allowance();
      made.requests = burst;
      made.at = nanos;
      return made;
    });
    long passed = Math.max(0, nanos - allowance.at);
    allowance.requests = Math.min(burst, allowance.requests + passed * perNano);
    allowance.at = nanos;
    if (allowance.requests < 1) {
      refused++;
      return false;
    }
    allowance.requests--;
    return true;
  }

  synchronized long refused() {
    return refused;
  }
}
