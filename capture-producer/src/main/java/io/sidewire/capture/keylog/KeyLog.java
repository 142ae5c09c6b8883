package io.sidewire.capture.keylog;

import io.sidewire.capture.CaptureException;
import io.sidewire.capture.FileFault;
import io.sidewire.capture.file.CaptureFileReader;
import io.sidewire.wire.tls.decrypt.KeySource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The key logs that a capture was given: files, or folders with files in them. For capture files they are read once, with
 * the secrets that pcapng files carry themselves; for a live capture they are followed.
 */
public final class KeyLog implements AutoCloseable {
  /** How soon a line is read after it was written. */
  private static final long POLL_MILLIS = 100;

  /** Files followed of all folders. */
  static final int MOST_FILES = 1024;

  private static final int PCAPNG = 0x0a0d0d0a;

  private final KeyLogStore store = new KeyLogStore();
  private final List<Path> paths;
  private final Map<Path, FollowedFile> followed = new TreeMap<>();
  private Thread thread;

  private KeyLog(List<Path> paths) {
    this.paths = List.copyOf(paths);
  }

  /** Reads key logs once. {@code captures}, in so far as they are pcapng, may hold secrets too. */
  public static KeyLog read(List<Path> paths, List<Path> captures) {
    var log = new KeyLog(paths);
    for (Path path : paths) {
      try {
        for (Path file : files(path)) {
          log.readOnce(file);
        }
      } catch (IOException e) {
        throw new CaptureException(
            CaptureException.Kind.CONFIG,
            "key log " + path + " cannot be read (" + FileFault.reason(e) + ")",
            e);
      }
    }
    captures.forEach(log::readSecrets);
    log.store.completed();
    return log;
  }

  /** Follows key logs as they grow; those that do not exist yet may come. */
  public static KeyLog follow(List<Path> paths) {
    var log = new KeyLog(paths);
    log.poll();
    log.thread = new Thread(log::watch, "sidewire-keylog");
    log.thread.setDaemon(true);
    log.thread.start();
    return log;
  }

  /** What was read, and while it is followed, what will be. */
  public KeySource keys() {
    return store;
  }

  /** Connections of which something is known. */
  public int connections() {
    return store.connections();
  }

  /** Lines that are none of a key log. */
  public long unreadableLines() {
    return store.unreadableLines();
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    followed.values().forEach(FollowedFile::close);
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(POLL_MILLIS);
        poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void poll() {
    for (Path path : paths) {
      try {
        for (Path file : files(path)) {
          if (followed.size() < MOST_FILES || followed.containsKey(file)) {
            followed.computeIfAbsent(file, f -> new FollowedFile(f, store));
          }
        }
      } catch (IOException e) {
        // A folder that cannot be listed now may be listed later.
      }
    }
    followed.values().forEach(FollowedFile::poll);
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> inside = Files.list(path)) {
      return inside.filter(Files::isRegularFile).sorted().limit(MOST_FILES).toList();
    }
  }

  private void readOnce(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = new byte[16 << 10];
      int count = in.readNBytes(bytes, 0, bytes.length);
      if (count >= 4 && java.nio.ByteBuffer.wrap(bytes).getInt() == PCAPNG) {
        readSecrets(file);
        return;
      }
      var lines = new KeyLogLines(store);
      for (; count > 0; count = in.read(bytes)) {
        lines.onBytes(bytes, 0, count);
      }
      lines.onEnd();
    }
  }

  /** Secrets may stand anywhere in the file; those behind the packets that they open count as well. */
  private void readSecrets(Path capture) {
    try (var reader = CaptureFileReader.open(capture)) {
      int read = 0;
      boolean more = true;
      while (more) {
        more = reader.next();
        for (; read < reader.secrets().size(); read++) {
          CaptureFileReader.Secrets secrets = reader.secrets().get(read);
          if (secrets.type() == CaptureFileReader.Secrets.TLS_KEY_LOG) {
            var lines = new KeyLogLines(store);
            lines.onBytes(secrets.bytes(), 0, secrets.bytes().length);
            lines.onEnd();
          }
        }
      }
    } catch (IOException e) {
      // The source will say what is wrong with its file.
    }
  }
}
