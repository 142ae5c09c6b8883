package io.sidewire.schemas;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed hashes that stand for what may not leave a host in clear: HMAC-SHA256 under the key of the deployment,
 * truncated. Equal values of one {@link Kind} have equal hashes, so they still pair; without the key nothing can be
 * tried out. Safe for use by many threads.
 */
public final class KeyedHash {
  /** What is hashed: the same bytes under two kinds have unrelated hashes. */
  public enum Kind {
    SESSION,
    RPC_ID,
    TLS_RANDOM,
    NAME
  }

  /** First character of a hash that stands where a clear name or id could stand; none of these begins with it. */
  public static final char MARK = '~';

  /** Least length of a key in bytes. */
  public static final int KEY_BYTES = 16;

  private static final int VALUE_BYTES = 8;
  private static final int LABEL_BYTES = 6;

  private final ThreadLocal<Mac> macs;
  private final String keyId;

  /** @throws IllegalArgumentException where the key is shorter than {@link #KEY_BYTES} */
  public KeyedHash(byte[] key) {
    if (key.length < KEY_BYTES) {
      throw new IllegalArgumentException("a key needs at least " + KEY_BYTES + " bytes");
    }
    var secret = new SecretKeySpec(key.clone(), "HmacSHA256");
    macs = ThreadLocal.withInitial(() -> mac(secret));
    keyId = hash("key-id", new byte[0], 4);
  }

  /** Short id of the key, which tells nothing of it: 8 hex digits. */
  public String keyId() {
    return keyId;
  }

  /** The hash of a value: 16 hex digits; null for null. */
  public String of(Kind kind, String value) {
    return value == null ? null : of(kind, value.getBytes(StandardCharsets.UTF_8));
  }

  /** The hash of a value: 16 hex digits; null for null. */
  public String of(Kind kind, byte[] value) {
    return value == null ? null : hash(kind.name(), value, VALUE_BYTES);
  }

  /**
   * A host name as the hashes of each of its suffixes, the longest first: {@code api.x.corp} becomes {@code
   * ~H(api.x.corp).H(x.corp).H(corp)}. Who holds the key can still match exact names and suffixes.
   */
  public String ofName(String name) {
    var out = new StringBuilder(name.length() * 2 + 16).append(MARK);
    for (int start = 0; start >= 0; ) {
      out.append(ofSuffix(name.substring(start)));
      int dot = name.indexOf('.', start);
      start = dot < 0 ? -1 : dot + 1;
      if (start >= 0) {
        out.append('.');
      }
    }
    return out.toString();
  }

  /** One element of {@link #ofName}: 12 hex digits of a name or suffix, without a leading dot. */
  public String ofSuffix(String suffix) {
    return hash(Kind.NAME.name(), suffix.getBytes(StandardCharsets.UTF_8), LABEL_BYTES);
  }

  private String hash(String purpose, byte[] value, int bytes) {
    Mac mac = macs.get();
    mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
    mac.update((byte) 0);
    return HexFormat.of().formatHex(Arrays.copyOf(mac.doFinal(value), bytes));
  }

  private static Mac mac(SecretKeySpec secret) {
    try {
      Mac mac = Mac.getInstance(secret.getAlgorithm());
      mac.init(secret);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
