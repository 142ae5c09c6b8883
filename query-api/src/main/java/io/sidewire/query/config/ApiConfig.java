package io.sidewire.query.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Who may ask, and how. The token itself comes from a file or from SIDEWIRE_API_TOKEN, never from a command line. */
@ConfigMapping(prefix = "sidewire.api")
public interface ApiConfig {
  /** Address that people reach the API at; anything but loopback requires a token. */
  @WithDefault("127.0.0.1")
  String bind();

  /** Address that the server listens on, where it differs: 0.0.0.0 in a container published on loopback. */
  @WithDefault("${sidewire.api.bind:127.0.0.1}")
  String listen();

  @WithDefault("7420")
  int port();

  /** File with the bearer token. */
  Optional<Path> tokenFile();

  /** Host names besides localhost that requests without a token may name, e.g. a container's for Prometheus. */
  Optional<Set<String>> allowedHosts();

  /** Connections at once; past it the one that waits longest without a request is closed. */
  @WithDefault("512")
  int connections();

  /** The same of one client address (of IPv6: of one network of 64 bits). */
  @WithDefault("128")
  int connectionsPerAddress();

  /** Time from a connection's begin until its first request is whole, but for its body. */
  @WithDefault("10S")
  Duration requestTimeout();

  /** Requests a second of one client address; twice as many at once. Further ones are answered 429. */
  @WithDefault("1000")
  int requestsPerSecond();

  /** Live streams at once. */
  @WithDefault("64")
  int liveSubscribers();

  /** Events that wait for a slow live stream; the oldest are dropped, and counted to it. */
  @WithDefault("1000")
  int liveBacklog();

  /** Silence on a live stream after which a comment is sent. */
  @WithDefault("15S")
  Duration liveHeartbeat();

  /** Where metrics are sent by OTLP over HTTP, e.g. http://127.0.0.1:4318/v1/metrics; nowhere by default. */
  Optional<URI> otlpEndpoint();

  /** Time between two sendings. */
  @WithDefault("60S")
  Duration otlpInterval();

  /** File of lines "Name: value" that are sent as headers, e.g. a key of the receiver. */
  Optional<Path> otlpHeadersFile();
}
