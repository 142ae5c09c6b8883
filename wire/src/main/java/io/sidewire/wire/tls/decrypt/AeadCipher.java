package io.sidewire.wire.tls.decrypt;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Records under an AEAD: AES-GCM, AES-CCM and ChaCha20-Poly1305, of TLS 1.2 (RFC 5288, 6655, 7905) and TLS 1.3.
 *
 * <pre>
 *          nonce                          additional data
 * TLS 1.3  iv xor sequence                record header
 * TLS 1.2  salt, 8 bytes of the record    sequence, type, version, length of plaintext
 *          (ChaCha20: iv xor sequence)
 * </pre>
 */
final class AeadCipher implements RecordCipher {
  private static final int EXPLICIT = 8;
  private static final int NONCE = 12;

  private final CipherSuite.Kind kind;
  private final boolean tls13;
  private final Key key;
  private final byte[] iv;
  private final byte[] nonce = new byte[NONCE];
  private final byte[] additional13 = new byte[5];
  private final byte[] additional12 = new byte[13];
  private final Ccm ccm;
  private Cipher cipher;

  AeadCipher(CipherSuite.Kind kind, boolean tls13, byte[] key, byte[] iv)
      throws GeneralSecurityException {
    this.kind = kind;
    this.tls13 = tls13;
    this.iv = iv;
    this.key = new SecretKeySpec(key, kind == CipherSuite.Kind.CHACHA20 ? "ChaCha20" : "AES");
    boolean counter = kind == CipherSuite.Kind.CCM || kind == CipherSuite.Kind.CCM_8;
    this.ccm = counter ? new Ccm(this.key, kind.tagBytes) : null;
    this.cipher = counter ? null : fresh();
  }

  private Cipher fresh() throws GeneralSecurityException {
    return Cipher.getInstance(
        kind == CipherSuite.Kind.GCM ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
  }

  @Override
  public int lead() {
    return tls13 || kind == CipherSuite.Kind.CHACHA20 ? 0 : EXPLICIT;
  }

  @Override
  public int overhead() {
    return lead() + kind.tagBytes + (tls13 ? 1 : 0);
  }

  @Override
  public long explicitNonce(byte[] body, int length) {
    if (lead() == 0 || length < EXPLICIT) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < EXPLICIT; i++) {
      value = value << 8 | body[i] & 0xff;
    }
    return value;
  }

  @Override
  public int open(int type, int version, byte[] body, int length, long sequence, byte[] out) {
    int lead = lead();
    int plain = length - lead - kind.tagBytes;
    if (plain < 0) {
      return -1;
    }
    if (lead == 0) {
      System.arraycopy(iv, 0, nonce, 0, NONCE);
      for (int i = 0; i < 8; i++) {
        nonce[NONCE - 1 - i] ^= (byte) (sequence >>> 8 * i);
      }
    } else {
      System.arraycopy(iv, 0, nonce, 0, NONCE - EXPLICIT);
      System.arraycopy(body, 0, nonce, NONCE - EXPLICIT, EXPLICIT);
    }
    byte[] additional = additional(type, version, length, plain, sequence);
    try {
      if (ccm != null) {
        return ccm.open(nonce, additional, body, lead, plain, out) ? plain : -1;
      }
      init();
      cipher.updateAAD(additional);
      return cipher.doFinal(body, lead, length - lead, out, 0);
    } catch (GeneralSecurityException | RuntimeException e) {
      return -1; // the tag, nearly always; whatever it is, this is not the record
    }
  }

  private void init() throws GeneralSecurityException {
    AlgorithmParameterSpec parameters = kind == CipherSuite.Kind.GCM
        ? new GCMParameterSpec(8 * kind.tagBytes, nonce)
        : new IvParameterSpec(nonce);
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, parameters);
    } catch (GeneralSecurityException e) {
      cipher = fresh(); // ChaCha20 refuses the nonce of the try before, also for reading
      cipher.init(Cipher.DECRYPT_MODE, key, parameters);
    }
  }

  private byte[] additional(int type, int version, int length, int plain, long sequence) {
    if (tls13) {
      header(additional13, 0, type, version, length);
      return additional13;
    }
    for (int i = 0; i < 8; i++) {
      additional12[i] = (byte) (sequence >>> 8 * (7 - i));
    }
    header(additional12, 8, type, version, plain);
    return additional12;
  }

  static void header(byte[] out, int at, int type, int version, int length) {
    out[at] = (byte) type;
    out[at + 1] = (byte) (version >>> 8);
    out[at + 2] = (byte) version;
    out[at + 3] = (byte) (length >>> 8);
    out[at + 4] = (byte) length;
  }
}
