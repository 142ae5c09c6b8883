package io.sidewire.capture.save;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of saved captures: names that sort by time, for the owner's eyes only, and never more than allowed. */
final class SaveFolder {
  private static final Pattern NAME =
      Pattern.compile("sidewire-[0-9]{8}T[0-9]{9}Z-[0-9]{6}\\.pcapng");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
  private static final String LIST = ".zeroed.jsonl";

  private final Path folder;
  private final long maxBytes;
  private final int maxFiles;
  private int made;

  private SaveFolder(SaveSettings settings) {
    folder = settings.folder();
    maxBytes = settings.maxBytes();
    maxFiles = settings.maxFiles();
  }

  /** Makes the folder where there is none, for its owner only. */
  static SaveFolder open(SaveSettings settings) throws IOException {
    Path folder = settings.folder();
    if (!Files.isDirectory(folder)) {
      boolean posix = Files.getFileAttributeView(
              folder.toAbsolutePath().getRoot(),
              java.nio.file.attribute.PosixFileAttributeView.class)
          != null;
      FileAttribute<?>[] mode = posix
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
          }
          : new FileAttribute<?>[0];
      Files.createDirectories(folder, mode);
    }
    return new SaveFolder(settings);
  }

  /** The name of the next file. */
  Path next(Instant now) {
    made++;
    return folder.resolve(
        String.format("sidewire-%s-%06d.pcapng", TIME.format(now), made % 1_000_000));
  }

  /** The list of what was zeroed in a file, beside it. */
  static Path listOf(Path file) {
    return file.resolveSibling(file.getFileName() + LIST);
  }

  /** A new file that only its owner may read. */
  static OutputStream create(Path file) throws IOException {
    FileAttribute<?> mode =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      return Channels.newOutputStream(FileChannel.open(file, options, mode));
    } catch (UnsupportedOperationException notPosix) {
      return Channels.newOutputStream(FileChannel.open(file, options));
    }
  }

  /**
   * Deletes the oldest files until there is room for one more.
   *
   * @param open the file that is being written, which stays; or null
   * @param room bytes that it may still grow
   */
  void makeRoom(Path open, long room) throws IOException {
    List<Path> files = files(folder);
    long sum = room;
    for (Path file : files) {
      sum += file.equals(open) ? 0 : size(file) + size(listOf(file));
    }
    int count = files.size() + (open == null ? 1 : 0);
    for (Path file : files) {
      if (sum <= maxBytes && count <= maxFiles) {
        return;
      }
      if (!file.equals(open)) {
        sum -= size(file) + size(listOf(file));
        count--;
        delete(file);
      }
    }
  }

  /** Deletes the files that were last written to before {@code time}, but for the open one, which may be null. */
  void deleteBefore(Instant time, Path open) throws IOException {
    for (Path file : files(folder)) {
      if (!file.equals(open) && Files.getLastModifiedTime(file).toInstant().isBefore(time)) {
        delete(file);
      }
    }
  }

  /** Deletes every saved file of a folder, and nothing else. */
  static void deleteAll(Path folder) throws IOException {
    for (Path file : files(folder)) {
      delete(file);
    }
  }

  private static void delete(Path file) throws IOException {
    Files.deleteIfExists(listOf(file));
    Files.deleteIfExists(file);
  }

  /** The saved files of a folder, the oldest first; nothing else in it is touched. */
  static List<Path> files(Path folder) throws IOException {
    var out = new ArrayList<Path>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted(Comparator.comparing(Path::getFileName))
          .forEach(out::add);
    }
    return out;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException none) {
      return 0;
    }
  }
}
