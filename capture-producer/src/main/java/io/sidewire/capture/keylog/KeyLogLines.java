package io.sidewire.capture.keylog;

import io.sidewire.wire.tls.decrypt.TlsSecrets.Label;
import java.util.Map;

/**
 * The lines of a key log (RFC 9850): {@code LABEL client-random secret}, the latter two in hexadecimal. The bytes may be cut
 * anywhere; a last line without its end waits for the rest.
 */
final class KeyLogLines {
  /** The longest line with a meaning has 31 + 64 + 128 characters. */
  private static final int MOST_LINE = 512;

  private static final int RANDOM = 32;
  private static final int MASTER = 48;
  private static final Map<String, Label> LABELS = Map.of(
      "CLIENT_RANDOM", Label.CLIENT_RANDOM,
      "CLIENT_EARLY_TRAFFIC_SECRET", Label.CLIENT_EARLY_TRAFFIC_SECRET,
      "CLIENT_HANDSHAKE_TRAFFIC_SECRET", Label.CLIENT_HANDSHAKE_TRAFFIC_SECRET,
      "SERVER_HANDSHAKE_TRAFFIC_SECRET", Label.SERVER_HANDSHAKE_TRAFFIC_SECRET,
      "CLIENT_TRAFFIC_SECRET_0", Label.CLIENT_TRAFFIC_SECRET_0,
      "SERVER_TRAFFIC_SECRET_0", Label.SERVER_TRAFFIC_SECRET_0);

  private final KeyLogStore store;
  private final byte[] line = new byte[MOST_LINE];
  private int fill;

  KeyLogLines(KeyLogStore store) {
    this.store = store;
  }

  void onBytes(byte[] bytes, int offset, int length) {
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '\n' || bytes[at] == '\r') {
        line();
      } else {
        if (fill < MOST_LINE) {
          line[fill] = bytes[at];
        }
        fill = Math.min(fill + 1, MOST_LINE + 1);
      }
    }
  }

  /** No byte follows: the last line may lack its end. */
  void onEnd() {
    line();
  }

  /** What was begun will not be continued. */
  void onTruncated() {
    fill = 0;
  }

  private void line() {
    int length = fill;
    fill = 0;
    if (length == 0 || line[0] == '#') {
      return;
    }
    int first = length > MOST_LINE ? -1 : space(0, length);
    int second = first < 0 ? -1 : space(first + 1, length);
    byte[] random = second < 0 ? null : hex(first + 1, second);
    byte[] secret = second < 0 ? null : hex(second + 1, length);
    if (random == null || random.length != RANDOM || secret == null) {
      store.unreadableLine();
      return;
    }
    Label label =
        LABELS.get(new String(line, 0, first, java.nio.charset.StandardCharsets.US_ASCII));
    boolean fits = label == Label.CLIENT_RANDOM
        ? secret.length == MASTER
        : secret.length == 32 || secret.length == 48;
    if (label != null && fits) {
      store.add(random, label, secret);
    } else if (label != null) {
      store.unreadableLine();
    }
  }

  private int space(int from, int length) {
    for (int at = from; at < length; at++) {
      if (line[at] == ' ') {
        return at;
      }
    }
    return -1;
  }

  private byte[] hex(int from, int to) {
    int length = to;
    while (length > from && line[length - 1] == ' ') {
      length--;
    }
    if ((length - from) % 2 != 0 || length == from) {
      return null;
    }
    byte[] out = new byte[(length - from) / 2];
    for (int i = 0; i < out.length; i++) {
      int high = Character.digit(line[from + 2 * i], 16);
      int low = Character.digit(line[from + 2 * i + 1], 16);
      if (high < 0 || low < 0) {
        return null;
      }
      out[i] = (byte) (high << 4 | low);
    }
    return out;
  }
}
