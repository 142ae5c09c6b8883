package io.sidewire.query.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * A consumer that reads the topics of the read model quickly while the stores fill, and cheaply afterwards.
 *
 * <p>Kafka Streams fills one store after the other with the same consumer. At the end of each topic a fetch is under
 * way that waits at the broker for more, for as long as {@code fetch.max.wait.ms}, and the fetch for the next topic
 * waits behind it: with the wait that suits an idle replica, that is most of a start. So a first consumer with a short
 * wait fills the stores, and a second one takes over when all topics are assigned at once.
 */
final class GlobalConsumer implements InvocationHandler {
  /** Milliseconds that a fetch waits for records while stores are filled. */
  static final int FILL_WAIT_MILLIS = 5;

  private final Map<String, Object> config;
  private final Function<Map<String, Object>, Consumer<byte[], byte[]>> clients;
  private volatile Consumer<byte[], byte[]> now;
  private boolean following;

  private GlobalConsumer(
      Map<String, Object> config, Function<Map<String, Object>, Consumer<byte[], byte[]>> clients) {
    this.config = config;
    this.clients = clients;
    var filling = new HashMap<>(config);
    filling.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FILL_WAIT_MILLIS);
    this.now = clients.apply(filling);
  }

  /** Kafka's own clients, but for the global consumer. */
  static KafkaClientSupplier supplier() {
    return new DefaultKafkaClientSupplier() {
      @Override
      public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return of(config, super::getGlobalConsumer);
      }
    };
  }

  @SuppressWarnings("unchecked")
  static Consumer<byte[], byte[]> of(
      Map<String, Object> config, Function<Map<String, Object>, Consumer<byte[], byte[]>> clients) {
    return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
        GlobalConsumer.class.getClassLoader(),
        new Class<?>[] {Consumer.class},
        new GlobalConsumer(config, clients));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    if (!following && method.getName().equals("assign") && severalTopics(args[0])) {
      following = true;
      now.close(); // first, for both have the same client id
      now = clients.apply(config);
    }
    try {
      return method.invoke(now, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static boolean severalTopics(Object partitions) {
    return ((Collection<?>) partitions)
            .stream().map(any -> ((TopicPartition) any).topic()).distinct().count()
        > 1;
  }
}
