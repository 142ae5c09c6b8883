package io.sidewire.wire.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Builds TLS messages and records for tests. */
public final class TlsBytes {
  /** The client hello of RFC 8448 section 3, as a handshake message. */
  public static final byte[] RFC_8448_CLIENT_HELLO = hex(
      "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302"
          + "010000910000000b0009000006736572766572ff01000100000a00140012001d001700180019010001010102010301"
          + "0400230000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c"
          + "002b0003020304000d0020001e040305030603020308040805080604010501060102010402050206020202002d0002"
          + "0101001c00024001");

  /** The server hello of RFC 8448 section 3. */
  public static final byte[] RFC_8448_SERVER_HELLO = hex(
      "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e003300"
          + "24001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304");

  private TlsBytes() {}

  public static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  public static byte[] u16(int... numbers) {
    byte[] out = new byte[numbers.length * 2];
    for (int i = 0; i < numbers.length; i++) {
      out[2 * i] = (byte) (numbers[i] >>> 8);
      out[2 * i + 1] = (byte) numbers[i];
    }
    return out;
  }

  /** Behind a length of two bytes. */
  static byte[] long16(byte[] body) {
    return join(u16(body.length), body);
  }

  static byte[] long8(byte[] body) {
    return join(new byte[] {(byte) body.length}, body);
  }

  public static byte[] extension(int type, byte[] body) {
    return join(u16(type), long16(body));
  }

  public static byte[] serverName(String name) {
    byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
    return extension(0, long16(join(new byte[] {0}, long16(text))));
  }

  public static byte[] alpn(String... names) {
    byte[] list = new byte[0];
    for (String name : names) {
      list = join(list, long8(name.getBytes(StandardCharsets.ISO_8859_1)));
    }
    return extension(16, long16(list));
  }

  public static byte[] versions(int... versions) {
    return extension(43, long8(u16(versions)));
  }

  public static byte[] message(int type, byte[] body) {
    return join(
        new byte[] {(byte) type, (byte) (body.length >>> 16)}, u16(body.length & 0xffff), body);
  }

  /** A client hello as a handshake message. */
  public static byte[] clientHello(int version, int[] ciphers, byte[]... extensions) {
    return message(1, clientHelloBody(version, new byte[0], null, ciphers, extensions));
  }

  /** @param cookie of DTLS; null for TLS */
  public static byte[] clientHelloBody(
      int version, byte[] sessionId, byte[] cookie, int[] ciphers, byte[]... extensions) {
    byte[] head = join(
        u16(version),
        new byte[32],
        long8(sessionId),
        cookie == null ? new byte[0] : long8(cookie),
        long16(u16(ciphers)),
        new byte[] {1, 0});
    return extensions.length == 0 ? head : join(head, long16(join(extensions)));
  }

  public static byte[] serverHello(
      int version, byte[] sessionId, int cipher, byte[]... extensions) {
    byte[] head = join(u16(version), new byte[32], long8(sessionId), u16(cipher), new byte[] {0});
    return message(2, extensions.length == 0 ? head : join(head, long16(join(extensions))));
  }

  public static byte[] record(int type, byte[] body) {
    return join(new byte[] {(byte) type}, u16(type == 22 ? 0x301 : 0x303), long16(body));
  }

  /** A record of application data; its content is nothing that anybody reads. */
  public static byte[] data(int length) {
    return record(23, new byte[length]);
  }

  /** A handshake message cut into records of {@code size} bytes each. */
  public static byte[] records(byte[] message, int size) {
    byte[] out = new byte[0];
    for (int at = 0; at < message.length; at += size) {
      int end = Math.min(message.length, at + size);
      out = join(out, record(22, java.util.Arrays.copyOfRange(message, at, end)));
    }
    return out;
  }
}
