package io.sidewire.wire.quic;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of one direction's Initial packets (RFC 9001 section 5.2). They protect nothing from an observer: they follow
 * from the connection id that the client chose first, which is on the wire.
 */
final class InitialKeys {
  static final int SAMPLE = 16;

  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final byte[] iv;
  private final SecretKeySpec headerKey;

  private InitialKeys(SecretKeySpec key, byte[] iv, SecretKeySpec headerKey) {
    this.key = key;
    this.iv = iv;
    this.headerKey = headerKey;
  }

  /** @param connectionId the destination of the client's first Initial, or of its first after a Retry */
  static InitialKeys derive(QuicVersion version, byte[] connectionId, boolean client)
      throws GeneralSecurityException {
    byte[] initial = hmac(version.salt, connectionId);
    byte[] secret = expand(initial, client ? "client in" : "server in", 32);
    return new InitialKeys(
        new SecretKeySpec(expand(secret, version.label + "key", 16), "AES"),
        expand(secret, version.label + "iv", 12),
        new SecretKeySpec(expand(secret, version.label + "hp", 16), "AES"));
  }

  /** The mask of header protection for a sample of the ciphertext. */
  byte[] mask(byte[] bytes, int offset) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, headerKey);
    return cipher.doFinal(bytes, offset, SAMPLE);
  }

  /**
   * Opens a payload.
   *
   * @param header the packet's header without its protection, which is authenticated too
   * @throws GeneralSecurityException where the tag does not fit: no such packet, or other keys
   */
  byte[] open(long packetNumber, byte[] header, byte[] bytes, int offset, int length)
      throws GeneralSecurityException {
    byte[] nonce = iv.clone();
    for (int i = 0; i < 8; i++) {
      nonce[nonce.length - 1 - i] ^= (byte) (packetNumber >>> 8 * i);
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header);
    return cipher.doFinal(bytes, offset, length);
  }

  private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(data);
  }

  /** HKDF-Expand-Label of RFC 8446 section 7.1, with an empty context; one block is always enough here. */
  private static byte[] expand(byte[] secret, String label, int length)
      throws GeneralSecurityException {
    byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
    byte[] info = new byte[2 + 1 + name.length + 1 + 1];
    info[1] = (byte) length;
    info[2] = (byte) name.length;
    System.arraycopy(name, 0, info, 3, name.length);
    info[info.length - 1] = 1; // the block's number, behind the empty context's length
    return Arrays.copyOf(hmac(secret, info), length);
  }
}
