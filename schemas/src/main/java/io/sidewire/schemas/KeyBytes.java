package io.sidewire.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Text in binary keys: UTF-8, ended by a 0 byte. */
final class KeyBytes {
  private KeyBytes() {}

  static byte[] utf8(String text) {
    // A 0 inside would end the part early and let two keys collide.
    return text.replace('\0', '_').getBytes(StandardCharsets.UTF_8);
  }

  static String text(ByteBuffer in) {
    int start = in.position();
    while (in.hasRemaining()) {
      if (in.get() == 0) {
        return new String(in.array(), start, in.position() - 1 - start, StandardCharsets.UTF_8);
      }
    }
    throw new IllegalArgumentException("key part without its end");
  }
}
