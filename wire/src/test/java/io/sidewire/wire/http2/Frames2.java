package io.sidewire.wire.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;

/** Writes the frames of one direction of an HTTP/2 connection, with a header table as real senders keep it. */
final class Frames2 {
  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;

  private final HPackEncoder encoder = new HPackEncoder(4096, StandardCharsets.ISO_8859_1);

  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    byte[] out = new byte[9 + payload.length];
    out[0] = (byte) (payload.length >> 16);
    out[1] = (byte) (payload.length >> 8);
    out[2] = (byte) payload.length;
    out[3] = (byte) type;
    out[4] = (byte) flags;
    for (int i = 0; i < 4; i++) {
      out[5 + i] = (byte) (stream >> 8 * (3 - i));
    }
    System.arraycopy(payload, 0, out, 9, payload.length);
    return out;
  }

  static byte[] settings() {
    return frame(4, 0, 0, new byte[] {0, 3, 0, 0, 0, 100});
  }

  static byte[] settingsAck() {
    return frame(4, 1, 0, new byte[0]);
  }

  static byte[] ping() {
    return frame(6, 0, 0, new byte[8]);
  }

  static byte[] reset(int stream) {
    return frame(3, 0, stream, new byte[] {0, 0, 0, 8});
  }

  static byte[] goAway(int last) {
    return frame(7, 0, 0, new byte[] {0, 0, (byte) (last >> 8), (byte) last, 0, 0, 0, 0});
  }

  static byte[] data(int stream, boolean end, String body) {
    return frame(0, end ? END_STREAM : 0, stream, body.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] padded(int stream, boolean end, String body, int padding) {
    byte[] text = body.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[1 + text.length + padding];
    payload[0] = (byte) padding;
    System.arraycopy(text, 0, payload, 1, text.length);
    return frame(0, PADDED | (end ? END_STREAM : 0), stream, payload);
  }

  /** A block of fields, given as names and values in turn. */
  byte[] block(String... fields) {
    try {
      ByteArrayBuffer out = new ByteArrayBuffer(256);
      for (int i = 0; i < fields.length; i += 2) {
        encoder.encodeHeader(out, new BasicHeader(fields[i], fields[i + 1]));
      }
      return out.toByteArray();
    } catch (java.io.IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  byte[] headers(int stream, boolean end, String... fields) {
    return frame(1, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
  }

  byte[] post(int stream, String path) {
    return headers(
        stream,
        false,
        ":method",
        "POST",
        ":scheme",
        "http",
        ":authority",
        "model.example:9000",
        ":path",
        path,
        "content-type",
        "application/json",
        "x-request",
        "number " + stream);
  }

  byte[] get(int stream, String path) {
    return headers(
        stream,
        true,
        ":method",
        "GET",
        ":scheme",
        "http",
        ":authority",
        "model.example:9000",
        ":path",
        path);
  }

  byte[] answer(int stream, boolean end, int status, String type) {
    return headers(
        stream, end, ":status", String.valueOf(status), "content-type", type, "server", "test");
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
