package io.sidewire.standalone.data;

import io.sidewire.standalone.Fault;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the Sidewire that a command asks: the one on the named data, else the one on the default data, else the only one on
 * temporary data, as the demo has them.
 */
public final class Running {
  private Running() {}

  /**
   * @param named the data folder that was named; null: none was
   * @param byDefault where data are otherwise
   * @param temporary where folders for temporary data are made
   * @param otherwise what else the command takes in place of {@code --data}
   */
  public static RunFile find(Path named, Path byDefault, Path temporary, String otherwise) {
    Path folder = named == null ? byDefault : named;
    Optional<RunFile> there = RunFile.read(folder);
    if (there.isPresent()) {
      return there.get();
    }
    List<Path> others = named == null ? onTemporaryData(temporary) : List.of();
    if (others.size() > 1) {
      throw new Fault(
          Fault.USAGE,
          "Several run: name one with --data: "
              + others.stream().map(Path::toString).collect(Collectors.joining(", ")) + ".");
    }
    return others.stream()
        .findFirst()
        .flatMap(RunFile::read)
        .orElseThrow(() -> new Fault(
            Fault.UNREACHABLE,
            "No Sidewire runs on the data in " + folder
                + ": start one with ./sidewire up, or name another with --data or " + otherwise
                + "."));
  }

  /** Those of this user: what lies in a folder of someone else is not believed. */
  private static List<Path> onTemporaryData(Path temporary) {
    var found = new ArrayList<Path>();
    try (var folders = Files.newDirectoryStream(temporary, DataFolder.TEMPORARY + "*")) {
      for (Path folder : folders) {
        if (Files.isDirectory(folder)
            && Files.getOwner(folder).getName().equals(System.getProperty("user.name"))
            && RunFile.read(folder).isPresent()) {
          found.add(folder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // One that ends meanwhile takes its folder with it.
    }
    return found;
  }
}
