package io.sidewire.query.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.sidewire.query.config.ApiConfig;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sends what {@code /q/metrics} shows to an OpenTelemetry receiver too, where one is named: OTLP over HTTP, cumulative, in
 * seconds. Off by default; nothing of it is loaded then.
 */
@Singleton
public class OtlpExport {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private AutoCloseable sender;

  void start(@Observes StartupEvent started, ApiConfig config) {
    config
        .otlpEndpoint()
        .ifPresent(endpoint -> sender =
            send(endpoint, config.otlpInterval(), config.otlpHeadersFile().orElse(null)));
  }

  /** What is known at the end is sent before it. */
  void stop(@Observes ShutdownEvent stopped) throws Exception {
    if (sender != null) {
      sender.close();
    }
  }

  static AutoCloseable send(URI endpoint, Duration interval, Path headersFile) {
    if (endpoint.getHost() == null || !String.valueOf(endpoint.getScheme()).matches("https?")) {
      throw new IllegalArgumentException("sidewire.api.otlp-endpoint: " + endpoint
          + " is no HTTP address: name one such as http://127.0.0.1:4318/v1/metrics");
    }
    if (interval.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "sidewire.api.otlp-interval: " + interval + " is shorter than a second");
    }
    Map<String, String> headers = headersFile == null ? Map.of() : headers(headersFile);
    var registry = new OtlpMeterRegistry(
        new OtlpConfig() {
          @Override
          public String get(String key) {
            return null;
          }

          @Override
          public String url() {
            return endpoint.toString();
          }

          @Override
          public Duration step() {
            return interval;
          }

          @Override
          public Map<String, String> headers() {
            return headers;
          }

          @Override
          public Map<String, String> resourceAttributes() {
            return Map.of("service.name", "sidewire");
          }

          @Override
          public TimeUnit baseTimeUnit() {
            return TimeUnit.SECONDS;
          }
        },
        Clock.SYSTEM);
    Metrics.addRegistry(registry);
    return () -> {
      registry.close();
      Metrics.removeRegistry(registry);
    };
  }

  private static Map<String, String> headers(Path file) {
    var headers = new LinkedHashMap<String, String>();
    try {
      for (String line : Files.readAllLines(file)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          headers.put(
              line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        } else if (!line.isBlank()) {
          throw new IllegalArgumentException("sidewire.api.otlp-headers-file: " + file
              + " has a line that is not of the form Name: value");
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "sidewire.api.otlp-headers-file: " + file + " cannot be read (" + e + ")", e);
    }
    return headers;
  }
}
