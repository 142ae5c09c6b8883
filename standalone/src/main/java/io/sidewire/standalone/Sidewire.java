package io.sidewire.standalone;

import io.sidewire.capture.CaptureException;
import io.sidewire.rules.Nearest;
import io.sidewire.standalone.broker.BrokerException;
import io.sidewire.standalone.cli.Advice;
import io.sidewire.standalone.cli.Common;
import io.sidewire.standalone.cli.CompletionCommand;
import io.sidewire.standalone.cli.DeadLettersCommand;
import io.sidewire.standalone.cli.DecodeCommand;
import io.sidewire.standalone.cli.DemoCommand;
import io.sidewire.standalone.cli.DoctorCommand;
import io.sidewire.standalone.cli.KeyCommand;
import io.sidewire.standalone.cli.Logs;
import io.sidewire.standalone.cli.ReplayCommand;
import io.sidewire.standalone.cli.SaveCommand;
import io.sidewire.standalone.cli.StatsCommand;
import io.sidewire.standalone.cli.TailCommand;
import io.sidewire.standalone.cli.Terminal;
import io.sidewire.standalone.cli.TopCommand;
import io.sidewire.standalone.cli.TopicsCommand;
import io.sidewire.standalone.cli.UpCommand;
import io.sidewire.standalone.cli.VersionCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The command line: {@code sidewire COMMAND}. */
@Command(
    name = "sidewire",
    description = "Shows what an LLM agent does on the network, from outside the application.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = VersionCommand.Lines.class,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      ReplayCommand.class,
      DecodeCommand.class,
      TailCommand.class,
      TopCommand.class,
      StatsCommand.class,
      SaveCommand.class,
      DoctorCommand.class,
      TopicsCommand.class,
      DeadLettersCommand.class,
      KeyCommand.class,
      VersionCommand.class,
      CompletionCommand.class
    },
    footer = {
      "",
      "The launcher also has: credentials, for hosts that send to a Kafka elsewhere; and in a source folder",
      "  build, package, and test [--all] [--strict].",
      "Exit codes: 0 ok, 1 a problem in the input, 2 wrong usage, 3 no permission to capture,",
      "  4 broker or running Sidewire not reachable, 5 port or data in use, 70 internal fault."
    })
public final class Sidewire implements Runnable {
  @Mixin
  private Common common;

  @CommandLine.Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the versions, as the command version does.")
  private boolean version;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec;

  public static void main(String[] args) {
    System.exit(run(Terminal.system(), args));
  }

  /** Runs one command and returns its exit code; never throws. */
  public static int run(Terminal terminal, String... args) {
    Logs.quiet(System.getenv("SIDEWIRE_LOG"));
    int code;
    try {
      code = commandLine(terminal).execute(args);
    } finally {
      terminal.out().flush();
    }
    return code;
  }

  /** The whole command line, for tests and completion too. */
  public static CommandLine commandLine(Terminal terminal) {
    var line = new CommandLine(new Sidewire(), new Factory(terminal));
    line.setOut(new java.io.PrintWriter(terminal.out(), true));
    line.setErr(new java.io.PrintWriter(terminal.err(), true));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(
        terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(Math.min(Math.max(terminal.width(), 60), 120));
    line.setParameterExceptionHandler(Sidewire::usage);
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(terminal, e));
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing the command.");
  }

  /** One line that says what is wrong, one that says where to read on. */
  private static int usage(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    String said = e instanceof CommandLine.UnmatchedArgumentException unmatched
        ? unexpected(line, unmatched)
        : e.getMessage().replaceFirst("^Error: ", "");
    line.getErr().println("sidewire: " + said);
    line.getErr().println("See: " + line.getCommandSpec().qualifiedName() + " --help");
    return Fault.USAGE;
  }

  private static String unexpected(CommandLine line, CommandLine.UnmatchedArgumentException e) {
    String word = e.getUnmatched().get(0);
    String prefix = e.isUnknownOption() ? "" : line.getCommandSpec().qualifiedName() + " ";
    var known = e.isUnknownOption()
        ? line.getCommandSpec().optionsMap().keySet()
        : line.getSubcommands().keySet();
    if (known.isEmpty()) {
      return "'" + word + "' is one word too many.";
    }
    String near = Nearest.of(word, known);
    return (e.isUnknownOption() ? "Unknown option: '" : "There is no command '") + word + "'."
        + (near == null ? "" : " Did you mean: " + prefix + near + "?");
  }

  private static int failed(Terminal terminal, Exception e) {
    terminal.out().flush();
    if (System.getenv("SIDEWIRE_LOG") != null) {
      e.printStackTrace(terminal.err());
    }
    if (e instanceof CaptureException reason) {
      terminal.err().println("sidewire: " + Advice.of(reason));
      return reason.kind().exitCode();
    }
    if (e instanceof BrokerException) {
      terminal.err().println("sidewire: " + e.getMessage());
      return Fault.UNREACHABLE;
    }
    if (e instanceof Fault fault) {
      terminal.err().println("sidewire: " + fault.getMessage());
      return fault.exitCode();
    }
    terminal
        .err()
        .println("sidewire: internal fault: " + e
            + ". Run again with SIDEWIRE_LOG=info for details, and please report it.");
    return Fault.INTERNAL;
  }

  /** Makes commands, with the terminal where they ask for it. */
  private record Factory(Terminal terminal) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      try {
        return type.getConstructor(Terminal.class).newInstance(terminal);
      } catch (NoSuchMethodException e) {
        return CommandLine.defaultFactory().create(type);
      }
    }
  }
}
