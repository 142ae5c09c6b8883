package io.sidewire.wire.tls;

import java.util.Arrays;

/** The messages of TLS 1.3 in one direction's opened handshake records: told by type; only EncryptedExtensions is kept. */
final class ProtectedHandshake {
  static final int END_OF_EARLY_DATA = 5;
  static final int ENCRYPTED_EXTENSIONS = 8;
  static final int FINISHED = 20;
  static final int KEY_UPDATE = 24;

  private static final int HEADER = 4;
  private static final int MOST_KEPT = 4 << 10;

  /** Takes the messages in order. */
  interface Listener {
    /** @param body of EncryptedExtensions, its beginning where it is long; else empty */
    void message(int type, byte[] body);
  }

  private final Listener listener;
  private final byte[] header = new byte[HEADER];
  private int headerFill;
  private int left;
  private byte[] body = {};

  ProtectedHandshake(Listener listener) {
    this.listener = listener;
  }

  void onContent(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (headerFill < HEADER) {
        header[headerFill++] = bytes[at++];
        if (headerFill == HEADER) {
          left = (header[1] & 0xff) << 16 | TlsRecords.u16(header, 2);
          finishWhenWhole();
        }
        continue;
      }
      int taken = Math.min(left, end - at);
      if (header[0] == ENCRYPTED_EXTENSIONS) {
        keep(bytes, at, taken);
      }
      at += taken;
      left -= taken;
      finishWhenWhole();
    }
  }

  private void keep(byte[] bytes, int offset, int length) {
    int more = Math.min(length, MOST_KEPT - body.length);
    int had = body.length;
    body = Arrays.copyOf(body, had + more);
    System.arraycopy(bytes, offset, body, had, more);
  }

  private void finishWhenWhole() {
    if (left == 0) {
      byte[] whole = body;
      body = new byte[0];
      headerFill = 0;
      listener.message(header[0], whole);
    }
  }

  /** Records are missing: what comes next begins a message. */
  void onLoss() {
    headerFill = 0;
    left = 0;
    body = new byte[0];
  }
}
