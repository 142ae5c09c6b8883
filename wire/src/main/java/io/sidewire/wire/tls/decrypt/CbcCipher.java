package io.sidewire.wire.tls.decrypt;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Records of TLS 1.2 under AES-CBC and HMAC: {@code iv, E(plaintext, mac, padding)} (RFC 5246 section 6.2.3.2), or with
 * encrypt-then-MAC {@code iv, E(plaintext, padding), mac} (RFC 7366).
 */
final class CbcCipher implements RecordCipher {
  private static final int BLOCK = 16;

  private final Key key;
  private final Mac mac;
  private final int macBytes;
  private final boolean encryptThenMac;
  private final Cipher cipher;

  CbcCipher(CipherSuite suite, byte[] key, byte[] macKey, boolean encryptThenMac)
      throws GeneralSecurityException {
    this.key = new SecretKeySpec(key, "AES");
    this.mac = KeySchedule.hmac(suite.mac(), macKey);
    this.macBytes = suite.macBytes();
    this.encryptThenMac = encryptThenMac;
    this.cipher = Cipher.getInstance("AES/CBC/NoPadding");
  }

  @Override
  public int lead() {
    return BLOCK;
  }

  @Override
  public int overhead() {
    return BLOCK + macBytes + 1;
  }

  @Override
  public long explicitNonce(byte[] body, int length) {
    return -1; // random, and says nothing of the order
  }

  @Override
  public int open(int type, int version, byte[] body, int length, long sequence, byte[] out) {
    int encrypted = length - BLOCK - (encryptThenMac ? macBytes : 0);
    if (encrypted < BLOCK || encrypted % BLOCK != 0) {
      return -1;
    }
    try {
      if (encryptThenMac
          && !verifies(type, version, sequence, body, BLOCK + encrypted, body, length - macBytes)) {
        return -1;
      }
      cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(body, 0, BLOCK));
      cipher.doFinal(body, BLOCK, encrypted, out, 0);
      int padding = out[encrypted - 1] & 0xff;
      int plain = encrypted - 1 - padding - (encryptThenMac ? 0 : macBytes);
      if (plain < 0) {
        return -1;
      }
      return encryptThenMac || verifies(type, version, sequence, out, plain, out, plain)
          ? plain
          : -1;
    } catch (GeneralSecurityException | RuntimeException e) {
      return -1;
    }
  }

  private boolean verifies(
      int type, int version, long sequence, byte[] bytes, int length, byte[] sent, int at) {
    byte[] head = new byte[13];
    for (int i = 0; i < 8; i++) {
      head[i] = (byte) (sequence >>> 8 * (7 - i));
    }
    AeadCipher.header(head, 8, type, version, length);
    mac.update(head);
    mac.update(bytes, 0, length);
    return MessageDigest.isEqual(mac.doFinal(), Arrays.copyOfRange(sent, at, at + macBytes));
  }
}
