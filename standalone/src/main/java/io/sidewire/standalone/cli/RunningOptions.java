package io.sidewire.standalone.cli;

import io.sidewire.standalone.Fault;
import io.sidewire.standalone.client.ApiClient;
import io.sidewire.standalone.data.DataFolder;
import io.sidewire.standalone.data.RunFile;
import io.sidewire.standalone.data.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the running Sidewire is that a command asks. */
public final class RunningOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Data folder of the running Sidewire (default: ~/.local/share/sidewire, else the one that runs on temporary data, e.g. the demo).")
  private Path data;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Its address, in place of --data, e.g. http://127.0.0.1:7420.")
  private String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token, where the API requires one.")
  private Path tokenFile;

  ApiClient client() {
    return new ApiClient(url == null ? running().url() : url, token());
  }

  private RunFile running() {
    return find(data, "--url");
  }

  static RunFile find(Path data, String otherwise) {
    return Running.find(
        data,
        DataFolder.defaultPath(System.getenv()),
        Path.of(System.getProperty("java.io.tmpdir")),
        otherwise);
  }

  Path folder() {
    return data == null ? DataFolder.defaultPath(System.getenv()) : data;
  }

  private Optional<String> token() {
    Map<String, String> environment = System.getenv();
    if (tokenFile == null) {
      return Optional.ofNullable(environment.get("SIDEWIRE_API_TOKEN"));
    }
    try {
      return Optional.of(Files.readString(tokenFile).strip());
    } catch (IOException e) {
      throw new Fault(
          Fault.USAGE, "The token file " + tokenFile + " cannot be read: check --token-file.", e);
    }
  }
}
