package io.sidewire.capture.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A channel whose first bytes were looked at, and are read again. */
final class Rewindable implements ReadableByteChannel {
  private final ReadableByteChannel in;
  private final ByteBuffer first;

  Rewindable(ReadableByteChannel in, int count) throws IOException {
    this.in = in;
    first = ByteBuffer.allocate(count);
    while (first.hasRemaining() && in.read(first) >= 0) {
      continue;
    }
    first.flip();
  }

  /** The byte at {@code index}, -1 where the channel ends before. */
  int first(int index) {
    return index < first.limit() ? first.get(index) & 0xff : -1;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!first.hasRemaining()) {
      return in.read(target);
    }
    int count = 0;
    while (first.hasRemaining() && target.hasRemaining()) {
      target.put(first.get());
      count++;
    }
    return count;
  }

  @Override
  public boolean isOpen() {
    return in.isOpen();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
