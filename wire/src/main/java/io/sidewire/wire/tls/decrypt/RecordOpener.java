package io.sidewire.wire.tls.decrypt;

import io.sidewire.wire.Side;
import java.security.GeneralSecurityException;

/**
 * Opens the protected records of one direction in order, and finds the sequence number again where records are missing.
 *
 * <p>Nothing counts as opened unless its tag verifies. After a loss the next sequence numbers are tried: first the one that
 * the nonce in the record tells of (AES-GCM of TLS 1.2 counts there), then as many as may be missing, then the same under
 * the next key. Never more than {@value #MOST_MISSING} a record, {@value #MOST_TRIES} in vain in a row.
 */
public final class RecordOpener {
  /** Sequence numbers tried after a loss; a hole of 16 MiB of full records is about as many. */
  static final int MOST_MISSING = 1024;

  /** Tries in vain, in all, after which a direction that is lossy is given up: each costs up to 16 KiB of decryption. */
  static final int MOST_TRIES = 8192;

  private final Generations generations;
  private final byte[] plain = new byte[(1 << 14) + 2048];
  private RecordCipher current;
  private RecordCipher following;
  private long sequence;
  private long lastNonce = -1;
  private long lastNonceSequence;
  private int triesLeft = MOST_TRIES;
  private int length;
  private long missing;
  private int generation;

  private RecordOpener(Generations generations) {
    this.generations = generations;
    this.current = generations.next();
  }

  /** True where records of this suite can be opened here. */
  public static boolean supports(int version, int cipher) {
    CipherSuite suite = CipherSuite.of(cipher);
    boolean suiteOf13 = cipher >>> 8 == 0x13;
    return suite != null && (version == 0x304 ? suiteOf13 : version == 0x303 && !suiteOf13);
  }

  /**
   * Opens records of TLS 1.3.
   *
   * @param earlyData of the client: early data may come first
   */
  public static RecordOpener ofTls13(int cipher, TlsSecrets secrets, Side side, boolean earlyData) {
    return new RecordOpener(Generations.ofTls13(CipherSuite.of(cipher), secrets, side, earlyData));
  }

  /** Opens records of TLS 1.2; null where this JDK cannot. */
  public static RecordOpener ofTls12(
      int cipher,
      TlsSecrets secrets,
      byte[] clientRandom,
      byte[] serverRandom,
      boolean encryptThenMac,
      Side side) {
    try {
      return new RecordOpener(Generations.ofTls12(
          CipherSuite.of(cipher), secrets, clientRandom, serverRandom, encryptThenMac, side));
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  /** A record is known to be missing, or cannot be opened for lack of a part. */
  public void skip() {
    sequence++;
  }

  /** The sender changes its key behind the record that was opened last. */
  public void nextKey() {
    current = following != null ? following : generations.next();
    following = null;
    sequence = 0;
    generation++;
  }

  /** How often the key has changed. */
  public int generation() {
    return generation;
  }

  /** The key in use is one of application data, not of the handshake or of early data. */
  public boolean application() {
    return generation >= generations.beforeApplication();
  }

  /**
   * Opens a record.
   *
   * @param body of the record, whole, without its header
   * @param mayMiss how many records may be missing before this one
   * @return false where its tag does not verify under any key and number that it may have
   */
  public boolean open(int type, int version, byte[] body, int bodyLength, long mayMiss) {
    if (current == null || bodyLength > plain.length) {
      return false;
    }
    if (attempt(current, type, version, body, bodyLength, sequence)) {
      return opened(body, bodyLength, 0);
    }
    long most = Math.min(mayMiss, MOST_MISSING);
    long nonce = current.explicitNonce(body, bodyLength);
    if (most > 0 && nonce >= 0 && lastNonce >= 0) {
      long told = lastNonceSequence + (nonce - lastNonce);
      if (told > sequence && attempt(current, type, version, body, bodyLength, told)) {
        return opened(body, bodyLength, told - sequence);
      }
    }
    for (long skipped = 1; skipped <= most && triesLeft > 0; skipped++) {
      if (attempt(current, type, version, body, bodyLength, sequence + skipped)) {
        return opened(body, bodyLength, skipped);
      }
    }
    return triesLeft > 0 && underNextKey(type, version, body, bodyLength, most);
  }

  private boolean underNextKey(int type, int version, byte[] body, int bodyLength, long most) {
    if (following == null) {
      following = generations.next();
    }
    for (long skipped = 0; following != null && skipped <= most && triesLeft > 0; skipped++) {
      if (attempt(following, type, version, body, bodyLength, skipped)) {
        nextKey();
        return opened(body, bodyLength, skipped);
      }
    }
    return false;
  }

  private boolean attempt(
      RecordCipher with, int type, int version, byte[] body, int bodyLength, long number) {
    length = with.open(type, version, body, bodyLength, number, plain);
    if (length < 0) {
      triesLeft--;
    }
    return length >= 0;
  }

  private boolean opened(byte[] body, int bodyLength, long skipped) {
    missing = skipped;
    sequence += skipped;
    lastNonce = current.explicitNonce(body, bodyLength);
    lastNonceSequence = sequence;
    sequence++;
    triesLeft = MOST_TRIES;
    return true;
  }

  /** Plaintext of the record that was opened last; for TLS 1.3 with its type and padding. Valid until the next. */
  public byte[] plain() {
    return plain;
  }

  public int plainLength() {
    return length;
  }

  /** Records found to be missing before the one that was opened last. */
  public long missing() {
    return missing;
  }

  /** What a record's body is longer than its plaintext, at least. */
  public int overhead() {
    return current == null ? 0 : current.overhead();
  }
}
