package io.sidewire.query.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigKeysTest {
  @Test
  void defaults() {
    SmallRyeConfig config = config(Map.of("user.home", "/home/me"));
    var kafka = config.getConfigMapping(KafkaConfig.class);
    assertThat(kafka.bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(kafka.topicPrefix()).isEqualTo("sidewire.");
    assertThat(kafka.properties()).isEmpty();
    assertThat(kafka.schemaRegistry()).isEmpty();
    assertThat(kafka.registryProperties()).isEmpty();
    var query = config.getConfigMapping(QueryConfig.class);
    assertThat(query.stateDir()).isEqualTo(Path.of("/home/me/.sidewire/query"));
    assertThat(query.retention()).isEqualTo(Duration.ofDays(7));
    assertThat(query.interactionRetention()).isEqualTo(Duration.ofDays(30));
    assertThat(query.maxBytes().asLongValue()).isEqualTo(1L << 30);
    assertThat(query.rocksdbMemory().asLongValue()).isEqualTo(24L << 20);
    assertThat(query.scanRows()).isEqualTo(200_000);
    assertThat(query.concurrency()).isEqualTo(8);
    assertThat(query.patience()).isEqualTo(Duration.ofMillis(1_500));
    assertThat(query.cachedSums()).isEqualTo(20_000);
    assertThat(query.instance()).isEmpty();
    assertThat(query.rulesFile()).isEmpty();
    var api = config.getConfigMapping(ApiConfig.class);
    assertThat(api.bind()).isEqualTo("127.0.0.1");
    assertThat(api.listen()).isEqualTo("127.0.0.1");
    assertThat(api.port()).isEqualTo(7420);
    assertThat(api.tokenFile()).isEmpty();
    assertThat(api.allowedHosts()).isEmpty();
    assertThat(api.liveSubscribers()).isEqualTo(64);
    assertThat(api.liveBacklog()).isEqualTo(1_000);
    assertThat(api.liveHeartbeat()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void explicitMappings() {
    SmallRyeConfig config = config(Map.of(
        "sidewire.kafka.bootstrap-servers", "a:1,b:2",
        "sidewire.kafka.properties.\"security.protocol\"", "SSL",
        "sidewire.query.state-dir", "/data/q",
        "sidewire.query.retention", "2D",
        "sidewire.query.max-bytes", "64M",
        "sidewire.api.bind", "10.0.0.1",
        "sidewire.api.port", "9",
        "sidewire.api.allowed-hosts", "x,y"));
    assertThat(config.getConfigMapping(KafkaConfig.class).properties())
        .containsEntry("security.protocol", "SSL");
    assertThat(config.getConfigMapping(KafkaConfig.class).bootstrapServers()).isEqualTo("a:1,b:2");
    assertThat(config.getConfigMapping(QueryConfig.class).retention())
        .isEqualTo(Duration.ofDays(2));
    assertThat(config.getConfigMapping(QueryConfig.class).maxBytes().asLongValue())
        .isEqualTo(64L << 20);
    assertThat(config.getConfigMapping(ApiConfig.class).listen()).isEqualTo("10.0.0.1");
    assertThat(config.getConfigMapping(ApiConfig.class).allowedHosts().orElseThrow())
        .containsExactlyInAnyOrder("x", "y");
  }

  @Test
  void propertiesOfKafkaComeFromVariablesToo() {
    var variables = new EnvConfigSource(
        Map.of("SIDEWIRE_KAFKA_PROPERTIES__SECURITY_PROTOCOL_", "SASL_SSL"), 300);
    SmallRyeConfig config = new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .addDefaultInterceptors()
        .withSources(variables)
        .withMapping(KafkaConfig.class)
        .build();
    assertThat(config.getConfigMapping(KafkaConfig.class).properties())
        .isEqualTo(Map.of("security.protocol", "SASL_SSL"));
  }

  @Test
  void unknownKeysNameTheNearest() {
    ConfigKeys.refuseUnknown(List.of(
        "sidewire.api.port",
        "SIDEWIRE_API_PORT",
        "SIDEWIRE_API_TOKEN",
        "SIDEWIRE_DATA",
        "sidewire.other.thing",
        "sidewire.api.allowed-hosts[0]",
        "sidewire.kafka.properties.\"acks\"",
        "sidewire.kafka.registry-properties.\"apicurio.registry.auth.username\"",
        "SIDEWIRE_KAFKA_PROPERTIES__ACKS_",
        "quarkus.http.port"));
    refused("sidewire.api.prot", "did you mean sidewire.api.port?");
    refused("SIDEWIRE_QUERY_STATEDIR", "did you mean SIDEWIRE_QUERY_STATE_DIR?");
    refused("sidewire.kafka.zzzzzzzzzzzzzzz", "known: sidewire.api.allowed-hosts");
  }

  private static void refused(String key, String part) {
    assertThatIllegalStateException()
        .isThrownBy(() -> ConfigKeys.refuseUnknown(List.of(key)))
        .withMessageContaining(key)
        .withMessageContaining(part);
  }

  private static SmallRyeConfig config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .addDefaultInterceptors()
        .withMapping(KafkaConfig.class)
        .withMapping(QueryConfig.class)
        .withMapping(ApiConfig.class)
        .withDefaultValues(values)
        .build();
  }
}
