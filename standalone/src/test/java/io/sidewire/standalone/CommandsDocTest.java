package io.sidewire.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.standalone.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The reference of commands in the docs is what the commands themselves say; {@code -Dsidewire.docs=write} writes it. */
class CommandsDocTest {
  private static final Path PAGE = Path.of("../docs/commands.md");
  private static final String MADE = "-Dsidewire.docs=write -->\n";

  @Test
  void theReferenceIsThatOfTheCommands() throws Exception {
    var text = new StringBuilder();
    var nowhere = new ByteArrayOutputStream();
    Sidewire.commandLine(new Terminal(nowhere, nowhere, Map.of()))
        .getSubcommands()
        .values()
        .forEach(command -> describe(command, text));
    String page = Files.readString(PAGE);
    int end = page.indexOf(MADE) + MADE.length();
    if ("write".equals(System.getProperty("sidewire.docs"))) {
      Files.writeString(PAGE, page.substring(0, end) + text);
    } else {
      assertThat(page.substring(end))
          .as("docs/commands.md is out of date: run this test with -Dsidewire.docs=write")
          .isEqualTo(text.toString());
    }
  }

  private static void describe(CommandLine command, StringBuilder text) {
    CommandSpec spec = command.getCommandSpec();
    text.append("\n## ")
        .append(spec.qualifiedName().replaceFirst("^sidewire ", ""))
        .append("\n\n");
    text.append(escape(String.join(" ", spec.usageMessage().description()))).append("\n\n");
    text.append("| option | does |\n|---|---|\n");
    spec.positionalParameters().stream()
        .filter(parameter -> !parameter.hidden())
        .forEach(parameter -> row(text, parameter.paramLabel(), parameter));
    spec.options().stream()
        .filter(option -> !option.hidden())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .forEach(option -> row(
            text,
            String.join(", ", option.names())
                + (option.typeInfo().isBoolean() ? "" : " " + option.paramLabel()),
            option));
    command.getSubcommands().values().forEach(each -> describe(each, text));
  }

  private static void row(StringBuilder text, String name, CommandLine.Model.ArgSpec argument) {
    String what = String.join(" ", argument.description())
        .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()));
    text.append("| `")
        .append(name.replace("|", "\\|"))
        .append("` | ")
        .append(escape(what))
        .append(" |\n");
  }

  /** Nothing that Markdown would take for a mark of its own. */
  private static String escape(String text) {
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "\\<").replace("%%", "%");
  }
}
