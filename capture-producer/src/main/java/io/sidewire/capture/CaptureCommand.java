package io.sidewire.capture;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command line of the capture service: a flag for each setting, from the table of {@link CaptureConfig}.
 *
 * @param files capture files to read in place of the interface
 */
record CaptureCommand(CaptureConfig config, List<Path> files) {

  /** What the command line asks for. */
  record Parsed(CaptureCommand command, int exitCode) {}

  /** Reads a command line; {@code command} is null where help was asked for or the line is wrong, and was said so. */
  static Parsed parse(
      String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    var line = new CommandLine(spec()).setOut(out).setErr(err);
    try {
      ParseResult result = line.parseArgs(arguments);
      if (CommandLine.printHelpIfRequested(result)) {
        return new Parsed(null, 0);
      }
      return new Parsed(from(result, environment), 0);
    } catch (CommandLine.ParameterException e) {
      err.println("sidewire-capture: " + e.getMessage() + ". --help lists the settings.");
    } catch (CaptureException e) {
      err.println("sidewire-capture: " + e.getMessage());
    }
    return new Parsed(null, 2);
  }

  private static CaptureCommand from(ParseResult result, Map<String, String> environment) {
    var flags = new HashMap<String, String>();
    for (ConfigKey<?> key : CaptureConfig.keys()) {
      if (result.hasMatchedOption("--" + key.name())) {
        flags.put(key.name(), result.matchedOptionValue("--" + key.name(), "true"));
      }
    }
    Map<String, String> kafka = result.matchedOptionValue("-K", Map.of());
    kafka.forEach((name, value) -> flags.put("kafka." + name, value));
    Path file = result.matchedOptionValue("--config", null);
    List<Path> files = result.matchedPositionalValue(0, List.of());
    return new CaptureCommand(CaptureConfig.load(file, environment, flags), files);
  }

  private static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("sidewire-capture").mixinStandardHelpOptions(true);
    spec.version("sidewire-capture " + version());
    spec.usageMessage()
        .description(
            "Captures packets of an interface, or reads capture files, and publishes what they"
                + " show on Kafka: flows, sizes, times and calls, never content.")
        .footer(
            "",
            "Each setting can also stand in the --config file by its name, or in the environment:",
            "SIDEWIRE_CAPTURE_HOST_ID is host-id. Flags beat the environment, which beats the file.",
            "Capture only what you own or may monitor.",
            "Exit codes: 0 ended as asked, 1 a file that could not be read whole, 2 wrong usage or"
                + " setting, 3 no permission to capture, 4 Kafka not reachable, 5 port in use, 70"
                + " internal fault.");
    spec.addPositional(PositionalParamSpec.builder()
        .paramLabel("FILE")
        .arity("0..*")
        .type(List.class)
        .auxiliaryTypes(Path.class)
        .description("Capture files to read in place of the interface.")
        .build());
    spec.addOption(OptionSpec.builder("--config")
        .paramLabel("FILE")
        .type(Path.class)
        .description("Properties file with settings.")
        .build());
    spec.addOption(OptionSpec.builder("-K")
        .paramLabel("NAME=VALUE")
        .type(Map.class)
        .auxiliaryTypes(String.class, String.class)
        .description(
            "Setting of the Kafka client: -K security.protocol=SSL is kafka.security.protocol.")
        .build());
    for (ConfigKey<?> key : CaptureConfig.keys()) {
      spec.addOption(option(key));
    }
    return spec;
  }

  private static OptionSpec option(ConfigKey<?> key) {
    boolean flag = List.of("true", "false").contains(key.fallback());
    String fallback = key.fallback().isEmpty() ? "" : " (default: " + key.fallback() + ")";
    return OptionSpec.builder("--" + key.name())
        .paramLabel(flag ? "true|false" : "VALUE")
        .type(String.class)
        .arity(flag ? "0..1" : "1")
        .fallbackValue(flag ? "true" : "")
        .description((key.description() + fallback + ".").replace("%", "%%"))
        .build();
  }

  private static String version() {
    String version = CaptureCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
