package io.sidewire.wire.dns;

import static io.sidewire.wire.tls.TlsBytes.join;
import static io.sidewire.wire.tls.TlsBytes.u16;

import java.nio.charset.StandardCharsets;

/** Builds DNS messages for tests. */
public final class DnsBytes {
  private DnsBytes() {}

  public static byte[] name(String name) {
    byte[] out = {};
    for (String label : name.split("\\.")) {
      byte[] text = label.getBytes(StandardCharsets.ISO_8859_1);
      out = join(out, new byte[] {(byte) text.length}, text);
    }
    return join(out, new byte[1]);
  }

  public static byte[] query(int id, String name, int type) {
    return join(u16(id, 0x0100, 1, 0, 0, 0), name(name), u16(type, 1));
  }

  /** An answer whose records name the question by a pointer. */
  public static byte[] answer(int id, int code, String name, int type, byte[]... records) {
    return join(
        u16(id, 0x8180 | code, 1, records.length, 0, 0), name(name), u16(type, 1), join(records));
  }

  public static byte[] record(int type, int ttl, byte[] data) {
    return join(u16(0xc00c, type, 1, ttl >>> 16, ttl & 0xffff, data.length), data);
  }

  static byte[] framed(byte[]... messages) {
    byte[] out = {};
    for (byte[] message : messages) {
      out = join(out, u16(message.length), message);
    }
    return out;
  }
}
