package io.sidewire.wire.tls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The JDK's message digests, one instance a thread. */
public final class Digests {
  private static final ThreadLocal<MessageDigest> MD5 = ThreadLocal.withInitial(() -> find("MD5"));
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(() -> find("SHA-256"));

  private Digests() {}

  private static MessageDigest find(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          name + " is missing from this Java", e); // every JDK must have both
    }
  }

  /*
   * Fingerprints are digests of texts that a host's few programs repeat with each connection, so the last digests are
   * remembered: for so many texts of at most so many characters, a newer one in the place of an older one.
   */
  private static final int SLOTS = 64;
  private static final int LONGEST = 1024;

  private record Known(String text, String digest) {}

  private static final ThreadLocal<Known[]> KNOWN = ThreadLocal.withInitial(() -> new Known[SLOTS]);

  /** The first bytes of the MD5 of an ASCII text, in hex digits. */
  static String md5(String text, int bytes) {
    return digest(MD5, text, bytes);
  }

  /** The first bytes of the SHA-256 of an ASCII text, in hex digits. */
  static String sha256(String text, int bytes) {
    return digest(SHA256, text, bytes);
  }

  private static String digest(ThreadLocal<MessageDigest> kind, String text, int bytes) {
    Known[] table = KNOWN.get();
    int hash = text.hashCode() * 31 + bytes;
    int slot = (hash ^ hash >>> 12) & SLOTS - 1;
    Known known = table[slot];
    // The number of hex digits tells the kinds apart.
    if (known == null || known.digest.length() != 2 * bytes || !known.text.equals(text)) {
      byte[] digest = kind.get().digest(text.getBytes(StandardCharsets.US_ASCII));
      known = new Known(text, HexFormat.of().formatHex(digest, 0, bytes));
      if (text.length() <= LONGEST) {
        table[slot] = known;
      }
    }
    return known.digest;
  }

  static byte[] sha256(byte[] bytes) {
    return SHA256.get().digest(bytes);
  }
}
