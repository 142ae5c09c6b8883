package io.sidewire.standalone.run;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.data.DataFolder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The query API with its page: Quarkus, in this JVM, on a thread of its own. */
public final class ApiServer implements AutoCloseable {
  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 5;

  /** Completed by the application when it is up; Quarkus makes that one itself. */
  private static volatile CompletableFuture<Void> starting = new CompletableFuture<>();

  private final Thread thread;
  private final CompletableFuture<Void> started;

  private ApiServer(Thread thread, CompletableFuture<Void> started) {
    this.thread = thread;
    this.started = started;
  }

  /** Runs while the API does. */
  public static final class Application implements QuarkusApplication {
    @Override
    public int run(String... args) {
      starting.complete(null);
      Quarkus.waitForExit();
      return 0;
    }
  }

  /** Begins to start it; {@link #await} returns when it is up. */
  public static ApiServer start(Map<String, String> settings) {
    settings.forEach(System::setProperty);
    var started = new CompletableFuture<Void>();
    starting = started;
    var thread = new Thread(
        () -> Quarkus.run(Application.class, (code, failure) -> {
          if (failure != null) {
            started.completeExceptionally(failure);
          }
        }),
        "sidewire-api");
    thread.setDaemon(true);
    thread.start();
    return new ApiServer(thread, started);
  }

  /** What Quarkus and the API are told. */
  static Map<String, String> settings(
      Station.Settings station, Station.Api api, String kafka, DataFolder data) {
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.http.host", api.bind());
    settings.put("quarkus.http.port", String.valueOf(api.port()));
    settings.put("sidewire.api.bind", api.bind());
    settings.put("sidewire.api.port", String.valueOf(api.port()));
    settings.put("sidewire.kafka.bootstrap-servers", kafka);
    settings.put("sidewire.kafka.topic-prefix", station.topics().prefix());
    settings.put("sidewire.query.instance", "standalone");
    settings.put("sidewire.query.state-dir", data.query().toString());
    settings.put("sidewire.query.max-bytes", String.valueOf(station.disk() / 4));
    settings.put("sidewire.query.rocksdb-memory", "16M");
    settings.put("sidewire.query.cached-sums", "4000");
    settings.putAll(
        logging(data.root().resolve("sidewire.log").toString(), System.getenv("SIDEWIRE_LOG")));
    station.rules().ifPresent(rules -> settings.put("sidewire.query.rules-file", rules.toString()));
    api.tokenFile().ifPresent(file -> settings.put("sidewire.api.token-file", file.toString()));
    return settings;
  }

  /** Quarkus takes over all logging: to a file, since the console is the live view's. */
  private static Map<String, String> logging(String file, String level) {
    return Map.of(
        "quarkus.log.level",
        level == null ? "WARN" : level.toUpperCase(Locale.ROOT),
        "quarkus.log.console.stderr",
        "true",
        "quarkus.log.console.enabled",
        String.valueOf(level != null),
        "quarkus.log.file.enabled",
        "true",
        "quarkus.log.file.path",
        file,
        "quarkus.log.file.rotation.max-file-size",
        "4M",
        "quarkus.log.file.rotation.max-backup-index",
        "2");
  }

  /** Returns when the API answers. */
  public void await() throws InterruptedException {
    try {
      started.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new Fault(Fault.INTERNAL, "The API does not start: " + rootMessage(e), e);
    } catch (TimeoutException e) {
      throw new Fault(
          Fault.INTERNAL,
          "The API did not start within " + START_SECONDS + " s: the machine may be overloaded.",
          e);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).strip().replaceAll("\\s+", " ");
  }

  @Override
  public void close() throws InterruptedException {
    Quarkus.asyncExit(0);
    thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
  }
}
