package io.sidewire.wire.tls.decrypt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys from secrets: HKDF-Expand-Label of TLS 1.3 (RFC 8446 section 7.1) and the PRF of TLS 1.2 (RFC 5246 section 5). */
final class KeySchedule {
  private KeySchedule() {}

  static byte[] expandLabel(String hash, byte[] secret, String label, int length)
      throws GeneralSecurityException {
    byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
    byte[] info = new byte[2 + 1 + name.length + 1];
    info[0] = (byte) (length >>> 8);
    info[1] = (byte) length;
    info[2] = (byte) name.length;
    System.arraycopy(name, 0, info, 3, name.length);
    Mac hmac = hmac(hash, secret);
    byte[] out = new byte[length];
    byte[] block = {};
    for (int at = 0, number = 1; at < length; number++) {
      hmac.update(block);
      hmac.update(info);
      hmac.update((byte) number);
      block = hmac.doFinal();
      int taken = Math.min(block.length, length - at);
      System.arraycopy(block, 0, out, at, taken);
      at += taken;
    }
    return out;
  }

  static byte[] keyBlock(
      String hash, byte[] master, byte[] serverRandom, byte[] clientRandom, int length)
      throws GeneralSecurityException {
    byte[] label = "key expansion".getBytes(StandardCharsets.US_ASCII);
    byte[] seed = Arrays.copyOf(label, label.length + serverRandom.length + clientRandom.length);
    System.arraycopy(serverRandom, 0, seed, label.length, serverRandom.length);
    System.arraycopy(
        clientRandom, 0, seed, label.length + serverRandom.length, clientRandom.length);
    Mac hmac = hmac(hash, master);
    byte[] out = new byte[length];
    byte[] a = seed;
    for (int at = 0; at < length; ) {
      a = hmac.doFinal(a);
      hmac.update(a);
      byte[] block = hmac.doFinal(seed);
      int taken = Math.min(block.length, length - at);
      System.arraycopy(block, 0, out, at, taken);
      at += taken;
    }
    return out;
  }

  static Mac hmac(String hash, byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("Hmac" + hash);
    mac.init(new SecretKeySpec(key, "Hmac" + hash));
    return mac;
  }
}
