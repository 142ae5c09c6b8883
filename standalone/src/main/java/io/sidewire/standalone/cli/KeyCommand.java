package io.sidewire.standalone.cli;

import io.sidewire.capture.FileFault;
import io.sidewire.standalone.Fault;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The deployment key, under which session ids and foreign names are hashed. */
@Command(
    name = "key",
    description = "Make the deployment key that hosts with one Kafka share.",
    subcommands = KeyCommand.New.class)
public final class KeyCommand implements Callable<Integer> {
  @Mixin
  private Common common;

  @picocli.CommandLine.Spec
  private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(), "Missing the command: key new FILE");
  }

  /** Makes a key file. */
  @Command(
      name = "new",
      description =
          "Write a new key to FILE (readable by you alone). Copy it to each host that shares the Kafka.")
  public static final class New implements Callable<Integer> {
    private static final int KEY_BYTES = 32;

    @Mixin
    private Common common;

    @Parameters(paramLabel = "FILE", description = "A file that does not exist yet.")
    private Path file;

    private final Terminal terminal;

    public New(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      write(file);
      if (common.json) {
        var lines = new JsonLines(terminal.out());
        lines.line("key", null, json -> json.writeStringField("file", file.toString()));
        lines.flush();
      } else {
        terminal
            .out()
            .println("Wrote a new key to " + file
                + ". Keep it secret; copy it to each host that shares the Kafka.");
      }
      return 0;
    }

    /** Writes a fresh key, in hex, to a file that did not exist. */
    static void write(Path file) {
      byte[] key = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(key);
      try {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, HexFormat.of().formatHex(key) + "\n");
      } catch (FileAlreadyExistsException e) {
        throw new Fault(
            Fault.USAGE,
            file + " exists: a key in use must not be replaced. Name another file.",
            e);
      } catch (IOException e) {
        throw new Fault(
            Fault.USAGE,
            "Cannot write " + file + " (" + FileFault.reason(e)
                + "): name a file in a folder of yours.",
            e);
      }
    }
  }
}
