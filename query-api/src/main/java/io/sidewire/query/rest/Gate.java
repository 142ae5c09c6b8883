package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.Ask;
import io.sidewire.query.Problem;
import io.sidewire.query.config.QueryConfig;
import io.sidewire.query.store.Patience;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Lets a bounded number of queries in at once; the others wait for a moment and are then told to come again. */
@Singleton
public class Gate {
  private static final long WAIT_MILLIS = 500;

  private final Semaphore places;
  private final Duration patience;

  public Gate(QueryConfig config) {
    places = new Semaphore(config.concurrency());
    patience = config.patience();
  }

  /** Reads the parameters, then answers. */
  <T> T answer(ApiPath path, UriInfo uri, Function<Ask, T> query) {
    Ask ask = ask(path, uri);
    boolean in = false;
    try {
      in = places.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS);
      if (!in) {
        throw Problem.of(503, "Busy", "too many queries at once; try again in a moment");
      }
      try (Patience bounded = Patience.of(patience)) {
        return query.apply(ask);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.of(503, "Stopping", "this replica is stopping; ask another one");
    } finally {
      if (in) {
        places.release();
      }
    }
  }

  /** Reads the parameters, with relative times against the wall clock. */
  public static Ask ask(ApiPath path, UriInfo uri) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    return new Ask(path, uri.getQueryParameters(), now);
  }
}
