package io.sidewire.query.connections;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.quarkus.runtime.StartupEvent;
import io.sidewire.query.config.ApiConfig;
import io.sidewire.query.connections.ConnectionTable.Held;
import io.sidewire.query.connections.ConnectionTable.Line;
import io.sidewire.query.connections.ConnectionTable.Reason;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The connections to this server, bounded by address and in all; counted in the metrics. */
@Singleton
public class Connections {
  private static final AttributeKey<Held> HELD = AttributeKey.valueOf(Held.class.getName());
  private static final int IPV6_BYTES = 16;

  private static final int MOST_CLIENTS = 10_000;

  private final ConnectionTable table;
  private final RequestRate rate;

  public Connections(
      ApiConfig config, @ConfigProperty(name = "quarkus.http.idle-timeout") Duration idle) {
    table = new ConnectionTable(new ConnectionTable.Limits(
        config.connections(),
        config.connectionsPerAddress(),
        config.requestTimeout().toMillis(),
        idle.toMillis()));
    rate = new RequestRate(config.requestsPerSecond(), MOST_CLIENTS);
  }

  void register(@Observes StartupEvent event, MeterRegistry registry) {
    Gauge.builder("sidewire.api.connections", table, ConnectionTable::open)
        .description("Open connections")
        .register(registry);
    for (Reason reason : Reason.values()) {
      FunctionCounter.builder("sidewire.api.connections.closed", table, it -> it.closed(reason))
          .description("Connections closed that asked nothing: too many, or for too long")
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    FunctionCounter.builder("sidewire.api.requests.refused", rate, RequestRate::refused)
        .description("Requests of clients that asked too fast")
        .register(registry);
  }

  /** Follows a request from its head to the end of its answer. */
  public void follow(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    Held held =
        connection instanceof ConnectionBase base ? base.channel().attr(HELD).get() : null;
    if (held != null) {
      table.begin(held);
      context.addEndHandler(ended -> table.end(held, now()));
    }
  }

  /** Takes a request of its client; false where that asks too fast. */
  public boolean takes(RoutingContext context) {
    return !(context.request().connection() instanceof ConnectionBase base)
        || !(base.channel().remoteAddress() instanceof InetSocketAddress remote)
        || rate.take(holder(remote.getAddress()), System.nanoTime());
  }

  /** False: close it. */
  boolean admit(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      return false; // gone already
    }
    Held held = table.admit(holder(remote.getAddress()), line(channel), now());
    if (held == null) {
      return false;
    }
    channel.attr(HELD).set(held);
    channel.closeFuture().addListener(closed -> table.gone(held));
    return true;
  }

  void sweep() {
    table.sweep(now());
  }

  /** Who counts as one: an IPv4 address; of IPv6 a network of 64 bits, which is what one client has. */
  static Object holder(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == IPV6_BYTES && !address.isLinkLocalAddress()
        ? (Object) ByteBuffer.wrap(bytes).getLong()
        : address;
  }

  private static Line line(Channel channel) {
    return new Line() {
      @Override
      public void close() {
        channel.close();
      }

      @Override
      public boolean isBehind() {
        return !channel.isWritable();
      }
    };
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
