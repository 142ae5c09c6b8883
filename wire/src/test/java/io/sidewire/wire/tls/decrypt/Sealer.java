package io.sidewire.wire.tls.decrypt;

import static io.sidewire.wire.tls.TlsBytes.join;
import static io.sidewire.wire.tls.TlsBytes.u16;

import io.sidewire.wire.Side;
import io.sidewire.wire.tls.decrypt.TlsSecrets.Label;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Protects the records of one direction, as a TLS stack does; the other end of {@link RecordOpener}. */
public final class Sealer {
  /** Secrets of all kinds, each of its own bytes. */
  public static TlsSecrets secrets(int cipher) {
    TlsSecrets secrets = TlsSecrets.EMPTY;
    int length = CipherSuite.of(cipher).hashBytes();
    for (Label label : Label.values()) {
      secrets = secrets.with(label, secret(label, length));
    }
    return secrets;
  }

  public static byte[] secret(Label label, int length) {
    byte[] secret = new byte[label == Label.CLIENT_RANDOM ? 48 : length];
    Arrays.fill(secret, (byte) (0x40 + label.ordinal()));
    return secret;
  }

  private final CipherSuite suite;
  private final boolean tls13;
  private boolean encryptThenMac;
  private byte[] secret;
  private byte[] key;
  private byte[] iv;
  private byte[] macKey;
  private long sequence;
  private int padding;

  /** Under a traffic secret of TLS 1.3. */
  public Sealer(int cipher, Label label) {
    this.suite = CipherSuite.of(cipher);
    this.tls13 = true;
    use(secret(label, suite.hashBytes()));
  }

  /** Under the key block of TLS 1.2, both randoms being zeros. */
  public Sealer(int cipher, Side side, boolean encryptThenMac) {
    this.suite = CipherSuite.of(cipher);
    this.tls13 = false;
    this.encryptThenMac = encryptThenMac;
    int mac = suite.macBytes();
    int keys = suite.keyBytes();
    int nonce = suite.fixedNonce();
    byte[] block = unchecked(() -> KeySchedule.keyBlock(
        suite.hash(),
        secret(Label.CLIENT_RANDOM, 48),
        new byte[32],
        new byte[32],
        2 * (mac + keys + nonce)));
    int second = side.ordinal();
    ByteBuffer in = ByteBuffer.wrap(block);
    this.macKey = part(in, second * mac, mac);
    this.key = part(in, 2 * mac + second * keys, keys);
    this.iv = part(in, 2 * (mac + keys) + second * nonce, nonce);
  }

  private static byte[] part(ByteBuffer in, int at, int length) {
    return Arrays.copyOfRange(in.array(), at, at + length);
  }

  private void use(byte[] secret) {
    this.secret = secret;
    this.key =
        unchecked(() -> KeySchedule.expandLabel(suite.hash(), secret, "key", suite.keyBytes()));
    this.iv = unchecked(() -> KeySchedule.expandLabel(suite.hash(), secret, "iv", 12));
    this.sequence = 0;
  }

  /** What follows is sent under the next key. */
  public void update() {
    use(unchecked(
        () -> KeySchedule.expandLabel(suite.hash(), secret, "traffic upd", suite.hashBytes())));
  }

  /** Records of TLS 1.3 that follow are padded with so many zeros. */
  public void pad(int zeros) {
    padding = zeros;
  }

  /** A whole record that holds {@code content}. */
  public byte[] seal(int type, byte[] content) {
    return unchecked(() -> {
      byte[] body = tls13 ? seal13(type, content) : seal12(type, content);
      sequence++;
      return join(new byte[] {(byte) (tls13 ? 23 : type)}, u16(0x303, body.length), body);
    });
  }

  private byte[] seal13(int type, byte[] content) throws GeneralSecurityException {
    byte[] inner = Arrays.copyOf(content, content.length + 1 + padding);
    inner[content.length] = (byte) type;
    int length = inner.length + suite.kind().tagBytes;
    return aead(counted(), join(new byte[] {23}, u16(0x303, length)), inner);
  }

  private byte[] seal12(int type, byte[] content) throws GeneralSecurityException {
    byte[] number = ByteBuffer.allocate(8).putLong(sequence).array();
    byte[] head = join(number, new byte[] {(byte) type}, u16(0x303, content.length));
    return switch (suite.kind()) {
      case CHACHA20 -> aead(counted(), head, content);
      case GCM, CCM, CCM_8 -> {
        byte[] explicit =
            ByteBuffer.allocate(8).putLong(0x1122334455667788L + sequence).array();
        yield join(explicit, aead(join(iv, explicit), head, content));
      }
      case CBC -> cbc(type, number, head, content);
    };
  }

  private byte[] counted() {
    byte[] nonce = iv.clone();
    for (int i = 0; i < 8; i++) {
      nonce[11 - i] ^= (byte) (sequence >>> 8 * i);
    }
    return nonce;
  }

  private byte[] aead(byte[] nonce, byte[] additional, byte[] content)
      throws GeneralSecurityException {
    boolean chacha = suite.kind() == CipherSuite.Kind.CHACHA20;
    Cipher cipher = Cipher.getInstance(chacha ? "ChaCha20-Poly1305" : "AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key, chacha ? "ChaCha20" : "AES"),
        chacha ? new IvParameterSpec(nonce) : new GCMParameterSpec(128, nonce));
    cipher.updateAAD(additional);
    return cipher.doFinal(content);
  }

  private byte[] cbc(int type, byte[] number, byte[] head, byte[] content)
      throws GeneralSecurityException {
    byte[] random = new byte[16];
    Arrays.fill(random, (byte) (7 * sequence + 3));
    byte[] text = encryptThenMac ? content : join(content, mac(head, content));
    int zeros = 15 - text.length % 16;
    byte[] filled = Arrays.copyOf(text, text.length + zeros + 1);
    Arrays.fill(filled, text.length, filled.length, (byte) zeros);
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(random));
    byte[] body = join(random, cipher.doFinal(filled));
    return encryptThenMac
        ? join(body, mac(join(number, new byte[] {(byte) type}, u16(0x303, body.length)), body))
        : body;
  }

  private byte[] mac(byte[] head, byte[] content) throws GeneralSecurityException {
    Mac mac = KeySchedule.hmac(suite.mac(), macKey);
    mac.update(head);
    return mac.doFinal(content);
  }

  private interface Step<T> {
    T run() throws GeneralSecurityException;
  }

  private static <T> T unchecked(Step<T> step) {
    try {
      return step.run();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
