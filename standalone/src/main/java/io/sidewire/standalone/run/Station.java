package io.sidewire.standalone.run;

import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.PreviewSink;
import io.sidewire.schemas.Topics;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.client.ApiClient;
import io.sidewire.standalone.data.DataFolder;
import io.sidewire.standalone.data.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * All of Sidewire in one JVM: broker, topics, processor, and where wanted the API with its page. Started in this order,
 * closed in reverse.
 */
public final class Station implements AutoCloseable {
  /**
   * @param data opens the folder for everything that is kept
   * @param kafka a broker of the user's; empty: the embedded one
   * @param disk most bytes of all topics and stores together
   * @param rules flow-type rules before the built-in ones
   * @param api empty: no API and no page
   * @param bulk results are wanted at the end and not at once: fewer commits, more memory
   */
  public record Settings(
      Supplier<DataFolder> data,
      Optional<String> kafka,
      Topics topics,
      long disk,
      Optional<Path> rules,
      Optional<Api> api,
      boolean bulk) {}

  /** Where the API listens, and the file with its token where it has one. */
  public record Api(String bind, int port, Optional<Path> tokenFile) {
    String url() {
      boolean all = bind.equals("0.0.0.0") || bind.equals("::");
      String host = all ? "127.0.0.1" : bind.contains(":") ? "[" + bind + "]" : bind;
      return "http://" + host + ":" + port;
    }

    Optional<String> token() {
      return tokenFile
          .map(file -> {
            try {
              return Files.readString(file).strip();
            } catch (IOException e) {
              throw new Fault(
                  Fault.USAGE,
                  "The token file " + file + " cannot be read: check --token-file.",
                  e);
            }
          })
          .or(() -> Optional.ofNullable(System.getenv("SIDEWIRE_API_TOKEN")));
    }
  }

  public static final Duration FOREVER = Duration.ofDays(100_000);

  private final Settings settings;
  private final DataFolder data;
  private final Backbone backbone;
  private final Optional<ApiServer> api;
  private final Ending ending = new Ending();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Station(Settings settings) throws InterruptedException {
    this.settings = settings;
    try {
      data = ending.add(settings.data().get());
      backbone = ending.add(broker(settings, data));
      api = settings.api().map(this::startApi);
      ending.add(Processing.start(settings, backbone.bootstrapServers(), data));
    } catch (InterruptedException | RuntimeException e) {
      ending.close();
      throw e;
    }
  }

  /** Starts it; what fails to start names the fix, and nothing is left running. */
  public static Station start(Settings settings) throws InterruptedException {
    settings.api().ifPresent(api -> Ports.requireFree(api.bind(), api.port(), "--port"));
    return new Station(settings);
  }

  private static Backbone broker(Settings settings, DataFolder data) throws InterruptedException {
    if (settings.kafka().isPresent()) {
      return Backbone.at(settings.kafka().get(), settings.topics());
    }
    // The stores hold about as much as the topics do.
    long bytes = settings.disk() / (2L * settings.topics().all().size());
    return Backbone.embedded(data.broker(), settings.topics(), bytes);
  }

  private ApiServer startApi(Api where) {
    return ending.add(
        ApiServer.start(ApiServer.settings(settings, where, backbone.bootstrapServers(), data)));
  }

  /** From now on SIGTERM and SIGINT stop it cleanly, with exit code 0. */
  public Station stopsWithTheProcess() {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(
            () -> {
              boolean signalled = stopped.getCount() > 0;
              close();
              if (signalled) {
                Runtime.getRuntime().halt(0);
              }
            },
            "sidewire-stop"));
    return this;
  }

  public Backbone backbone() {
    return backbone;
  }

  public DataFolder data() {
    return data;
  }

  public Topics topics() {
    return settings.topics();
  }

  /** Begins a live capture that leaves out what this Sidewire itself says. */
  public LiveCapture capture(CaptureConfig config) {
    return capture(config, null);
  }

  /**
   * The same.
   *
   * @param preview shows the beginnings of prompts and answers; null: they are never kept
   */
  public LiveCapture capture(CaptureConfig config, PreviewSink preview) {
    List<String> own = new ArrayList<>(backbone.endpoints());
    settings.api().ifPresent(where -> own.add(where.bind() + ":" + where.port()));
    return ending.add(LiveCapture.start(config, own, preview));
  }

  /** Hands over a part that is closed before the others. */
  public <T extends AutoCloseable> T add(T part) {
    return ending.add(part);
  }

  /** Returns when the API answers, and tells other commands where. */
  public ApiClient awaitApi(String capture) throws InterruptedException {
    Api where = settings.api().orElseThrow();
    api.orElseThrow().await();
    new RunFile(
            ProcessHandle.current().pid(),
            where.url(),
            capture,
            backbone.bootstrapServers(),
            io.sidewire.standalone.Version.current())
        .write(data.root());
    ending.add(() -> RunFile.delete(data.root()));
    return new ApiClient(where.url(), where.token());
  }

  /** Returns once it was told to stop, at the latest after {@code patience}; true: it was. */
  public boolean awaitStop(Duration patience) throws InterruptedException {
    return stopped.await(patience.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    stopped.countDown();
    ending.close();
  }
}
