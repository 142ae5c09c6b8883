package io.sidewire.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureCounters;
import io.sidewire.capture.CaptureFileSource;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.Topics;
import io.sidewire.standalone.cli.Logs;
import io.sidewire.standalone.cli.Terminal;
import io.sidewire.standalone.client.ApiClient;
import io.sidewire.standalone.data.DataFolder;
import io.sidewire.standalone.run.LiveCapture;
import io.sidewire.standalone.run.Station;
import io.sidewire.standalone.view.LiveView;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A short run of everything, after which the JVM archives the classes that it loaded; with that archive each later start
 * takes about half as long. Run by the launcher after a build.
 */
public final class Training {
  private static final List<String> PATHS = List.of(
      "summary?", "series?metric=exchanges&", "exchanges?", "interactions?", "flows?", "hosts?");

  private Training() {}

  /** @param args a capture file */
  public static void main(String[] args) {
    Logs.quiet(null);
    Path file = Path.of(args[0]);
    var nowhere =
        new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), Map.of());
    try {
      Sidewire.run(nowhere, "decode", "--json", file.toString());
      serve(file, nowhere);
    } catch (Exception e) {
      // A query that took too long on a busy machine, say: what was loaded until then is worth
      // archiving.
      e.printStackTrace();
    } finally {
      System.exit(
          0); // else threads that are left would keep this JVM, and with it the launcher that waits
      // for it
    }
  }

  private static void serve(Path file, Terminal nowhere) throws Exception {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var settings = new Station.Settings(
        DataFolder::temporary,
        Optional.empty(),
        Topics.withDefaultPrefix(),
        1L << 30,
        Optional.empty(),
        Optional.of(new Station.Api("127.0.0.1", port, Optional.empty())),
        false);
    try (var station = Station.start(settings)) {
      CaptureConfig config = CaptureConfig.of(Map.of(
          CaptureConfig.KAFKA.name(),
          station.backbone().bootstrapServers(),
          CaptureConfig.NAMES.name(),
          "all"));
      station
          .add(LiveCapture.start(
              config, new CaptureFileSource(config, List.of(file)), new CaptureCounters()))
          .await();
      ApiClient client = station.awaitApi("training");
      var view = new LiveView(nowhere, FlowTypeRules.builtIn(), ZoneId.systemDefault());
      for (String path : PATHS) {
        JsonNode answer = client.get("/api/v1/" + path + "from=0", Map.of());
        if (path.startsWith("exchanges")) {
          answer.path("items").forEach(view::lines);
        }
      }
      client.get("/q/health", Map.of());
    }
  }
}
