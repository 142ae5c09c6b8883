package io.sidewire.wire.quic;

import io.sidewire.wire.tls.TlsBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Protects Initial packets as their senders do (RFC 9001 section 5), independently of the code under test. */
public final class QuicPackets {
  static final int V1 = 1;
  static final int V2 = 0x6b3343cf;

  private QuicPackets() {}

  /** An Initial without token; the frames are padded with zeros to {@code size} bytes where they are shorter. */
  public static byte[] initial(
      int version,
      boolean client,
      byte[] keyId,
      byte[] destination,
      byte[] source,
      int number,
      byte[] frames,
      int size) {
    byte[] payload = Arrays.copyOf(frames, Math.max(frames.length, size));
    int length = 4 + payload.length + 16;
    byte[] header = TlsBytes.join(
        new byte[] {(byte) (version == V2 ? 0xd3 : 0xc3)},
        int32(version),
        new byte[] {(byte) destination.length},
        destination,
        new byte[] {(byte) source.length},
        source,
        new byte[] {0},
        new byte[] {(byte) (0x40 | length >>> 8), (byte) length},
        int32(number));
    try {
      return protect(version, client, keyId, header, number, payload);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** A CRYPTO frame. */
  public static byte[] crypto(int at, byte[] data) {
    return TlsBytes.join(
        new byte[] {
          6,
          (byte) (0x40 | at >>> 8),
          (byte) at,
          (byte) (0x40 | data.length >>> 8),
          (byte) data.length
        },
        data);
  }

  static byte[] int32(int value) {
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  private static byte[] protect(
      int version, boolean client, byte[] keyId, byte[] header, int number, byte[] payload)
      throws GeneralSecurityException {
    String prefix = version == V2 ? "quicv2 " : "quic ";
    byte[] salt = TlsBytes.hex(
        version == V2
            ? "0dede3def700a6db819381be6e269dcbf9bd2ed9"
            : "38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    byte[] secret = label(hmac(salt, keyId), client ? "client in" : "server in", 32);
    byte[] nonce = label(secret, prefix + "iv", 12);
    for (int i = 0; i < 4; i++) {
      nonce[8 + i] ^= int32(number)[i];
    }
    Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
    gcm.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(label(secret, prefix + "key", 16), "AES"),
        new GCMParameterSpec(128, nonce));
    gcm.updateAAD(header);
    byte[] sealed = gcm.doFinal(payload);
    Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
    ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(label(secret, prefix + "hp", 16), "AES"));
    byte[] mask = ecb.doFinal(sealed, 0, 16);
    byte[] hidden = header.clone();
    hidden[0] ^= (byte) (mask[0] & 0x0f);
    for (int i = 0; i < 4; i++) {
      hidden[hidden.length - 4 + i] ^= mask[1 + i];
    }
    return TlsBytes.join(hidden, sealed);
  }

  private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(data);
  }

  private static byte[] label(byte[] secret, String label, int length)
      throws GeneralSecurityException {
    byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
    byte[] info =
        TlsBytes.join(new byte[] {0, (byte) length, (byte) name.length}, name, new byte[] {0, 1});
    return Arrays.copyOf(hmac(secret, info), length);
  }
}
