package io.sidewire.standalone.data;

import io.sidewire.standalone.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * The folder where a standalone Sidewire keeps the broker's logs, its stores and its key; held by one at a time.
 *
 * <p>A temporary one is deleted on close.
 */
public final class DataFolder implements AutoCloseable {

  /** How the names of temporary ones begin. */
  static final String TEMPORARY = "sidewire-";

  private static final String FORMAT_FILE = "format";

  private final Path root;
  private final boolean temporary;
  private FileChannel channel;
  private FileLock lock;

  private DataFolder(Path root, boolean temporary) {
    this.root = root;
    this.temporary = temporary;
  }

  /** Where data is kept when nothing else is said: below the user's home. */
  public static Path defaultPath(Map<String, String> environment) {
    String own = environment.getOrDefault("SIDEWIRE_DATA", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    Path base =
        xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "share") : Path.of(xdg);
    return base.resolve("sidewire");
  }

  /** Makes the folder where absent (readable by its owner alone), and holds it. */
  public static DataFolder open(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      var folder = new DataFolder(path.toRealPath(), false);
      folder.hold();
      folder.checkFormat();
      return folder;
    } catch (IOException e) {
      throw new Fault(
          Fault.USAGE,
          "The data folder " + path + " cannot be written (" + reason(e)
              + "): name another with --data.",
          e);
    }
  }

  public static DataFolder temporary() {
    try {
      var folder = new DataFolder(Files.createTempDirectory(TEMPORARY), true);
      folder.hold();
      return folder;
    } catch (IOException e) {
      throw new Fault(
          Fault.USAGE,
          "No temporary folder can be made in " + System.getProperty("java.io.tmpdir") + " ("
              + reason(e) + "): name one with --data.",
          e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.AccessDeniedException
        ? "permission denied"
        : e.getClass().getSimpleName().replace("Exception", "");
  }

  private void hold() throws IOException {
    channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null; // held by this very process
    }
    if (lock == null) {
      channel.close();
      Optional<RunFile> running = RunFile.read(root);
      throw new Fault(
          Fault.BUSY,
          "The data in " + root + " is in use by "
              + running
                  .map(run -> "the Sidewire with pid " + run.pid() + " at " + run.url())
                  .orElse("another Sidewire")
              + ": stop it, or name another folder with --data.");
    }
  }

  /** Refuses data of a later version, which this one might destroy; a folder without a mark is of the first ones. */
  private void checkFormat() throws IOException {
    Path mark = root.resolve(FORMAT_FILE);
    DataFormat today = DataFormat.today();
    String text = Files.exists(mark) ? Files.readString(mark).strip() : DataFormat.FIRST;
    if (!today.reads(text)) {
      close();
      throw new Fault(
          Fault.USAGE,
          "The data in " + root + " was written by a later Sidewire (format " + text
              + "; this one knows up to " + today
              + "): use that version again, or name another folder with --data.");
    }
    Files.writeString(mark, today + "\n");
  }

  public Path root() {
    return root;
  }

  public Path broker() {
    return root.resolve("broker");
  }

  public Path streams() {
    return root.resolve("streams");
  }

  public Path query() {
    return root.resolve("query");
  }

  /** Where the ring of recent packets is, below the data of a running Sidewire. */
  public static Path ring(Path root) {
    return root.resolve("ring");
  }

  public Path key() {
    return root.resolve("key");
  }

  @Override
  public void close() {
    try {
      if (lock != null) {
        lock.release();
      }
      channel.close();
      if (temporary) {
        delete(root);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) {
        return FileVisitResult.CONTINUE; // the broker deletes its own leftovers too
      }

      @Override
      public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
        Files.deleteIfExists(dir);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
