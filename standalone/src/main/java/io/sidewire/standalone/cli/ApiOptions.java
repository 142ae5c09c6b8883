package io.sidewire.standalone.cli;

import io.sidewire.standalone.run.Station;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Where API and page listen. */
public final class ApiOptions {
  @Option(
      names = "--port",
      defaultValue = "7420",
      paramLabel = "PORT",
      converter = PortConverter.class,
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

  /** Says what a port is, in place of what an int is; 0 lets the system choose. */
  static final class PortConverter implements CommandLine.ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      try {
        int port = Integer.parseInt(text);
        if (port >= 0 && port <= 65_535) {
          return port;
        }
      } catch (NumberFormatException e) {
        // Told of below.
      }
      throw new CommandLine.TypeConversionException(
          "'" + text + "' is no port: write a number from 1 to 65535");
    }
  }

  Station.Api api() {
    return new Station.Api(bind, port, Optional.ofNullable(tokenFile));
  }
}
