package io.sidewire.standalone.cli;

import io.sidewire.standalone.letters.DeadLetter;
import io.sidewire.standalone.letters.DeadLetters;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Records that could not be decoded or processed: what and why, and their way back. */
@Command(
    name = "dead-letters",
    description = "List what could not be decoded or processed, or send it back.",
    subcommands = {DeadLettersCommand.List.class, DeadLettersCommand.Redrive.class})
public final class DeadLettersCommand implements Callable<Integer> {
  @Mixin
  private Common common;

  @picocli.CommandLine.Spec
  private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(), "Missing the command: dead-letters list, or dead-letters redrive");
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = "List dead letters: when, why, from where, how large. Content is never shown.")
  public static final class List implements Callable<Integer> {
    @Mixin
    private Common common;

    @Mixin
    private BrokerOptions broker;

    @Option(
        names = "--limit",
        defaultValue = "100",
        paramLabel = "N",
        description = "The last N of them (default: ${DEFAULT-VALUE}).")
    private int limit;

    private final Terminal terminal;

    public List(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      var last = new ArrayDeque<DeadLetter>();
      long[] count = {0};
      new DeadLetters(broker.kafka(), broker.topics()).each(letter -> {
        count[0]++;
        last.add(letter);
        if (last.size() > Math.max(1, limit)) {
          last.remove();
        }
      });
      if (common.json) {
        var lines = new JsonLines(terminal.out());
        last.forEach(letter -> line(lines, letter));
        lines.flush();
        return 0;
      }
      var table = new Table("TIME", "FROM", "BY", "STEP", ">BYTES", "REASON");
      last.forEach(letter -> table.row(
          Instant.ofEpochMilli(letter.time()),
          letter.origin(),
          letter.component(),
          letter.step(),
          letter.value() == null ? 0 : letter.value().length,
          letter.reason()));
      if (!table.isEmpty()) {
        table.print(terminal);
      }
      terminal.err().println("sidewire: " + count[0] + " dead letters.");
      return 0;
    }

    private static void line(JsonLines lines, DeadLetter letter) {
      lines.line("deadLetter", null, json -> {
        json.writeNumberField("time", letter.time() * 1000);
        json.writeStringField("reason", letter.reason());
        json.writeStringField("component", letter.component());
        json.writeStringField("step", letter.step());
        place(json, "at", letter.at());
        place(json, "origin", letter.origin());
        json.writeNumberField("bytes", letter.value() == null ? 0 : letter.value().length);
      });
    }

    private static void place(
        com.fasterxml.jackson.core.JsonGenerator json, String name, DeadLetter.Place place)
        throws java.io.IOException {
      if (place == null) {
        json.writeNullField(name);
        return;
      }
      json.writeObjectFieldStart(name);
      json.writeStringField("topic", place.topic());
      json.writeNumberField("partition", place.partition());
      json.writeNumberField("offset", place.offset());
      json.writeEndObject();
    }
  }

  /** Sends them back. */
  @Command(
      name = "redrive",
      description =
          "Send packets that became dead letters back to their topic, e.g. to a processor that was repaired. What is counted already is not counted again.")
  public static final class Redrive implements Callable<Integer> {
    @Mixin
    private Common common;

    @Mixin
    private BrokerOptions broker;

    @Option(
        names = "--again",
        description = "From the oldest on, not from where the last redrive ended.")
    private boolean again;

    private final Terminal terminal;

    public Redrive(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
      var letters = new DeadLetters(broker.kafka(), broker.topics());
      DeadLetters.Redriven done = letters.redrive(
          again,
          letter -> terminal
              .err()
              .println("sidewire: left: " + letter.at() + " from " + letter.origin()
                  + " is no packet; derived rows are made again from the packets."));
      if (common.json) {
        var lines = new JsonLines(terminal.out());
        lines.line("redriven", null, json -> {
          json.writeNumberField("sent", done.sent());
          json.writeNumberField("left", done.left());
        });
        lines.flush();
      } else {
        terminal.out().println(done.sent() + " sent back, " + done.left() + " left.");
      }
      return 0;
    }
  }
}
