package io.sidewire.capture.keylog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** One key log, followed as it grows, is cut short, or is replaced by another of the same name. */
final class FollowedFile implements AutoCloseable {
  private final Path path;
  private final KeyLogLines lines;
  private final ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
  private FileChannel channel;
  private Object identity;
  private long position;

  FollowedFile(Path path, KeyLogStore store) {
    this.path = path;
    this.lines = new KeyLogLines(store);
  }

  /** Reads what is new; a file that is not there, or may not be read, may be so later. */
  void poll() {
    try {
      if (channel != null) {
        read();
      }
      BasicFileAttributes now = attributes();
      boolean another = now != null && !Objects.equals(now.fileKey(), identity);
      if (now != null && (channel == null || another)) {
        close();
        open(now);
        read();
      }
    } catch (IOException e) {
      close();
    }
  }

  private BasicFileAttributes attributes() {
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      return found.isRegularFile() ? found : null;
    } catch (IOException e) {
      return null;
    }
  }

  private void open(BasicFileAttributes found) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.READ);
    identity = found.fileKey();
    position = 0;
    lines.onTruncated();
  }

  private void read() throws IOException {
    if (channel.size() < position) {
      position = 0;
      lines.onTruncated();
    }
    for (int count = fill(); count > 0; count = fill()) {
      position += count;
      lines.onBytes(buffer.array(), 0, count);
    }
  }

  private int fill() throws IOException {
    buffer.clear();
    return channel.read(buffer, position);
  }

  @Override
  public void close() {
    FileChannel open = channel;
    channel = null;
    identity = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // It was read only.
    }
  }
}
