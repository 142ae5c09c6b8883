package io.sidewire.standalone.cli;

import picocli.CommandLine.Option;

/** Options of every command. */
public final class Common {
  @Option(names = "--json", description = "Print JSON lines, each with its \"kind\".")
  public boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  public boolean help;
}
