package io.sidewire.capture.save;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stand-ins for ids: the same id has the same stand-in in all that one process saves, of the same length and look.
 *
 * <p>The key is made at start and never leaves memory, so a stand-in cannot be turned back.
 */
final class Pseudonyms {
  private static final int MOST_CALL_IDS = 4096;

  private final Mac mac;
  private final Map<String, Boolean> callIds = new LinkedHashMap<>(64, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > MOST_CALL_IDS;
    }
  };

  Pseudonyms() {
    this(key());
  }

  Pseudonyms(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static byte[] key() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return key;
  }

  /** An id that a message of JSON-RPC had; it needs no stand-in. */
  void callId(String id) {
    callIds.put(id, true);
  }

  boolean isCallId(String id) {
    return callIds.get(id) != null;
  }

  /** The stand-in of a text of single bytes; {@code variant} gives others for the same text. */
  String of(String text, int variant) {
    byte[] value = text.getBytes(StandardCharsets.ISO_8859_1);
    boolean hex = isHex(text);
    var out = new StringBuilder(text.length());
    byte[] random = {};
    for (int i = 0; i < text.length(); i++) {
      if (i % 32 == 0) {
        mac.update((byte) variant);
        mac.update((byte) (i / 32));
        mac.update((byte) (i / 32 >> 8));
        random = mac.doFinal(value);
      }
      out.append(like(text.charAt(i), random[i % 32] & 0xff, hex));
    }
    return out.toString();
  }

  private static char like(char c, int random, boolean hex) {
    if (c >= '0' && c <= '9') {
      return (char) ('0' + random % 10);
    }
    if (c >= 'a' && c <= 'z') {
      return (char) ('a' + random % (hex ? 6 : 26));
    }
    if (c >= 'A' && c <= 'Z') {
      return (char) ('A' + random % (hex ? 6 : 26));
    }
    return "-._~/=&+".indexOf(c) >= 0 ? c : 'x';
  }

  private static boolean isHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.digit(c, 16) < 0 && c != '-') {
        return false;
      }
    }
    return true;
  }
}
