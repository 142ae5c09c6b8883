package io.sidewire.query.store;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Starts the read model with the application and stops it with it. */
@Singleton
public class Lifecycle {
  private final StreamsEngine engine;

  public Lifecycle(StreamsEngine engine) {
    this.engine = engine;
  }

  void start(@Observes StartupEvent event) {
    engine.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    engine.stop();
  }
}
