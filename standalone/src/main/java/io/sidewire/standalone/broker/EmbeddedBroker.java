package io.sidewire.standalone.broker;

import io.sidewire.schemas.TransactionVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A single-node KRaft broker inside this JVM, on loopback only, that keeps its data in a folder. */
public final class EmbeddedBroker implements AutoCloseable {
  /** What Kafka wanted to end the JVM for; the JVM is ours, so it is only remembered. */
  private static final AtomicReference<String> FATAL = new AtomicReference<>();

  private static final int START_ATTEMPTS = 3;

  private final KafkaRaftServer server;
  private final BrokerSettings settings;

  private EmbeddedBroker(KafkaRaftServer server, BrokerSettings settings) {
    this.server = server;
    this.settings = settings;
  }

  /**
   * Starts a broker on the data of {@code folder}, made when absent.
   *
   * @param port of its listener; 0: one that is free
   * @throws BrokerException where it does not start, with a message for the user
   */
  public static EmbeddedBroker start(Path folder, int port) {
    keepTheJvm();
    for (int attempt = 1; ; attempt++) {
      int[] free = freePorts();
      var settings = new BrokerSettings(folder, port == 0 ? free[0] : port, free[1]);
      KafkaRaftServer server = null;
      FATAL.set(null);
      try {
        format(settings);
        server = new KafkaRaftServer(new KafkaConfig(settings.toKafka(), false), Time.SYSTEM);
        server.startup();
        return new EmbeddedBroker(server, settings);
      } catch (Exception | ExitRefused e) {
        if (server != null) {
          quietly(server);
        }
        // A free port may be taken by someone else before Kafka binds it.
        boolean portLost = messages(e).contains("Address already in use");
        if (!portLost || port != 0 || attempt == START_ATTEMPTS) {
          throw new BrokerException(explain(e, settings, portLost), e);
        }
      }
    }
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + settings.port();
  }

  /** Everything that it listens on, as {@code host:port}. */
  public List<String> endpoints() {
    return List.of(bootstrapServers(), "127.0.0.1:" + settings.controllerPort());
  }

  /** What made Kafka give up, or null while it is well. */
  public static String fatal() {
    return FATAL.get();
  }

  /** Flushes and stops; what was acknowledged is kept. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void format(BrokerSettings settings) throws Exception {
    if (Files.exists(settings.folder().resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(settings.folder());
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
        .setNodeId(BrokerSettings.NODE_ID)
        .setClusterId(Uuid.randomUuid().toString())
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setFeatureLevel(TransactionVersion.FEATURE, TransactionVersion.RECOMMENDED)
        .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
        .setMetadataLogDirectory(settings.folder().toString())
        .addDirectory(settings.folder().toString())
        .run();
  }

  private static int[] freePorts() {
    try (var a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new int[] {a.getLocalPort(), b.getLocalPort()};
    } catch (IOException e) {
      throw new BrokerException("No free port on loopback for the embedded broker.", e);
    }
  }

  /** Kafka's fatal handlers end the JVM; here they end only the thread that met the fault. */
  private static void keepTheJvm() {
    Exit.Procedure refuse = (status, message) -> {
      FATAL.compareAndSet(null, message == null ? "status " + status : message);
      throw new ExitRefused(message);
    };
    Exit.setExitProcedure(refuse);
    Exit.setHaltProcedure(refuse);
  }

  private static void quietly(KafkaRaftServer server) {
    try {
      server.shutdown();
    } catch (RuntimeException | ExitRefused e) {
      // It never came up: the first fault is the one to report.
    }
  }

  private static String messages(Throwable e) {
    var all = new StringBuilder();
    for (Throwable t = e; t != null; t = t.getCause()) {
      all.append(t.getMessage()).append('\n');
    }
    return all.toString();
  }

  private static String explain(Throwable e, BrokerSettings settings, boolean portLost) {
    String all = messages(e);
    if (portLost) {
      return "Port " + settings.port()
          + " for the embedded broker is taken: stop its holder or name another port.";
    }
    if (all.contains("Failed to acquire lock")) {
      return "The data in " + settings.folder()
          + " is in use by another Sidewire: stop it or name another folder with --data.";
    }
    if (all.contains("No space left")) {
      return "No space left for " + settings.folder()
          + ": make room or name another folder with --data.";
    }
    return "The embedded broker does not start on " + settings.folder() + ": " + firstLine(e)
        + ". Move the folder away to begin with an empty one.";
  }

  private static String firstLine(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null
        ? root.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  /** Stands for the end of the JVM that Kafka asked for. */
  private static final class ExitRefused extends Error {
    private static final long serialVersionUID = 1L;

    ExitRefused(String message) {
      super(message, null, false, false);
    }
  }
}
