package io.sidewire.wire.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

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

  static byte[] md5(byte[] bytes) {
    return MD5.get().digest(bytes);
  }

  static byte[] sha256(byte[] bytes) {
    return SHA256.get().digest(bytes);
  }
}
