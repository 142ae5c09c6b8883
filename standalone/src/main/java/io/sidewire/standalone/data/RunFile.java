package io.sidewire.standalone.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * What a running Sidewire says of itself in {@code run.json}, by which the other commands find it.
 *
 * @param url of its page and API
 * @param capture the interface, or the files that are replayed
 * @param kafka bootstrap servers of its broker
 */
public record RunFile(long pid, String url, String capture, String kafka, String version) {
  private static final String NAME = "run.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes it, readable by the owner alone, whole or not at all. */
  public void write(Path folder) {
    ObjectNode node = JSON.createObjectNode();
    node.put("pid", pid)
        .put("url", url)
        .put("interface", capture)
        .put("kafka", kafka)
        .put("version", version);
    Path file = folder.resolve(NAME);
    Path draft = folder.resolve(NAME + ".new");
    try {
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, node.toPrettyString() + "\n");
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one that runs on the data of {@code folder}; empty where none runs, e.g. because it was killed. */
  public static Optional<RunFile> read(Path folder) {
    Path file = folder.resolve(NAME);
    try {
      var node = JSON.readTree(Files.readAllBytes(file));
      var run = new RunFile(
          node.path("pid").asLong(),
          node.path("url").asText(),
          node.path("interface").asText(),
          node.path("kafka").asText(),
          node.path("version").asText());
      return ProcessHandle.of(run.pid()).isPresent() ? Optional.of(run) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  public static void delete(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(NAME));
    } catch (IOException e) {
      // A stale one is recognised by its pid.
    }
  }
}
