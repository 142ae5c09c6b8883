package io.sidewire.standalone.cli;

import io.sidewire.standalone.run.Station;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where API and page listen. */
public final class ApiOptions {
  @Option(
      names = "--port",
      defaultValue = "7420",
      paramLabel = "PORT",
      description = "Port of API and page (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--bind",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description =
          "Address that they listen on; anything but loopback requires a token (default: ${DEFAULT-VALUE}).")
  private String bind;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token that requests must bear.")
  private Path tokenFile;

  Station.Api api() {
    return new Station.Api(bind, port, Optional.ofNullable(tokenFile));
  }
}
