package io.sidewire.query;

import io.sidewire.query.store.StreamsEngine;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready as soon as the read model is whole; a replica that restores is alive, but not ready. */
@Readiness
@ApplicationScoped
public class ReadModelReady implements HealthCheck {
  private final StreamsEngine engine;

  public ReadModelReady(StreamsEngine engine) {
    this.engine = engine;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("read-model")
        .withData("status", engine.status())
        .status(engine.ready())
        .build();
  }
}
