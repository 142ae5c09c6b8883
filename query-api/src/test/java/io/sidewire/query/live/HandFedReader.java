package io.sidewire.query.live;

import io.quarkus.test.Mock;
import io.sidewire.query.config.ApiConfig;
import io.sidewire.query.config.KafkaConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** The live stream without a Kafka to read from: a test publishes to its feed. */
@Mock
@Singleton
public class HandFedReader extends LiveReader {
  @Inject
  public HandFedReader(KafkaConfig kafka, ApiConfig api) {
    super(kafka, api);
  }

  @Override
  boolean wake(long patienceMillis) {
    return true;
  }
}
