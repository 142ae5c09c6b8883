package io.sidewire.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.schemas.Topics;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

/**
 * Names under which state lies in Kafka: with one changed, an upgrade begins with empty stores. Steps and stores stand in
 * docs/topology.txt, which {@link TrafficTopologyTest} compares.
 */
class IdentityTest {
  @Test
  void theApplicationKeepsItsIdAndItsChangelogsTheirs() {
    Properties settings = new Properties();
    settings.put(StreamConfig.KAFKA.name(), "none:1");
    settings.put(StreamConfig.STATE_DIR.name(), "none");
    Properties kafka =
        StreamProcessor.properties(StreamConfig.of(settings), new ProcessorCounters());
    assertThat(kafka.getProperty(StreamsConfig.APPLICATION_ID_CONFIG))
        .isEqualTo("sidewire-processor");
  }

  @Test
  void topicsKeepTheirNames() {
    assertThat(Topics.withDefaultPrefix().all())
        .extracting(topic -> topic.name())
        .containsExactly(
            "sidewire.packets",
            "sidewire.flows",
            "sidewire.exchanges",
            "sidewire.interactions",
            "sidewire.traffic",
            "sidewire.hosts",
            "sidewire.dead-letters");
  }
}
