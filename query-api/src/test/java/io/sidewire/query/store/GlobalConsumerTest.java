package io.sidewire.query.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GlobalConsumerTest {
  private static final TopicPartition FLOWS = new TopicPartition("flows", 0);
  private static final TopicPartition HOSTS = new TopicPartition("hosts", 0);

  private final List<Object> waits = new ArrayList<>();
  private final List<MockConsumer<byte[], byte[]>> made = new ArrayList<>();
  private final Consumer<byte[], byte[]> consumer =
      GlobalConsumer.of(Map.of("fetch.max.wait.ms", 250), this::make);

  private Consumer<byte[], byte[]> make(Map<String, Object> config) {
    waits.add(config.get("fetch.max.wait.ms"));
    made.add(new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name()));
    return made.get(made.size() - 1);
  }

  @Test
  void fillsWithAShortWaitAndFollowsWithTheConfiguredOne() {
    consumer.assign(List.of(FLOWS));
    consumer.unsubscribe();
    consumer.assign(List.of(HOSTS));
    assertThat(waits).containsExactly(GlobalConsumer.FILL_WAIT_MILLIS);

    consumer.assign(Set.of(FLOWS, HOSTS));
    consumer.seek(FLOWS, 7);

    assertThat(waits).containsExactly(GlobalConsumer.FILL_WAIT_MILLIS, 250);
    assertThat(made.get(0).closed()).isTrue();
    assertThat(made.get(1).position(FLOWS)).isEqualTo(7);
    consumer.assign(Set.of(FLOWS, HOSTS));
    assertThat(made).hasSize(2);
  }

  @Test
  void throwsWhatTheClientThrows() {
    assertThatThrownBy(() -> consumer.seek(FLOWS, 1)).isInstanceOf(IllegalStateException.class);
  }
}
