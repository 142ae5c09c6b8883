package io.sidewire.wire.tls.decrypt;

import io.sidewire.wire.Side;
import io.sidewire.wire.tls.decrypt.TlsSecrets.Label;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The keys of one direction, one after another: in TLS 1.3 early data, handshake, application data and its updates; one
 * only in TLS 1.2.
 */
final class Generations {
  private static final int IV = 12;

  private final CipherSuite suite;
  private final Deque<byte[]> secrets = new ArrayDeque<>(3);
  private byte[] last; // the secret that was used up last
  private RecordCipher only; // of TLS 1.2
  private int beforeApplication;

  private Generations(CipherSuite suite) {
    this.suite = suite;
  }

  /** The keys of a side of a TLS 1.3 connection; those of the handshake may be unknown. */
  static Generations ofTls13(
      CipherSuite suite, TlsSecrets secrets, Side side, boolean withEarlyData) {
    var generations = new Generations(suite);
    boolean client = side == Side.CLIENT;
    if (client && withEarlyData) {
      generations.add(secrets.get(Label.CLIENT_EARLY_TRAFFIC_SECRET));
    }
    generations.add(secrets.get(
        client ? Label.CLIENT_HANDSHAKE_TRAFFIC_SECRET : Label.SERVER_HANDSHAKE_TRAFFIC_SECRET));
    generations.beforeApplication = generations.secrets.size();
    generations.add(
        secrets.get(client ? Label.CLIENT_TRAFFIC_SECRET_0 : Label.SERVER_TRAFFIC_SECRET_0));
    return generations;
  }

  /** The key of a side of a TLS 1.2 connection. */
  static Generations ofTls12(
      CipherSuite suite,
      TlsSecrets secrets,
      byte[] clientRandom,
      byte[] serverRandom,
      boolean encryptThenMac,
      Side side)
      throws GeneralSecurityException {
    var generations = new Generations(suite);
    int mac = suite.macBytes();
    int key = suite.keyBytes();
    int iv = suite.fixedNonce();
    byte[] block = KeySchedule.keyBlock(
        suite.hash(),
        secrets.get(Label.CLIENT_RANDOM),
        serverRandom,
        clientRandom,
        2 * (mac + key + iv));
    int second = side == Side.CLIENT ? 0 : 1;
    byte[] macKey = part(block, second * mac, mac);
    byte[] keyPart = part(block, 2 * mac + second * key, key);
    generations.only = suite.kind() == CipherSuite.Kind.CBC
        ? new CbcCipher(suite, keyPart, macKey, encryptThenMac)
        : new AeadCipher(
            suite.kind(), false, keyPart, part(block, 2 * (mac + key) + second * iv, iv));
    return generations;
  }

  /** Keys that come before those of application data. */
  int beforeApplication() {
    return beforeApplication;
  }

  private void add(byte[] secret) {
    if (secret != null) {
      secrets.add(secret);
    }
  }

  private static byte[] part(byte[] block, int at, int length) {
    return Arrays.copyOfRange(block, at, at + length);
  }

  /** The next key; null where there is none. */
  RecordCipher next() {
    RecordCipher cipher = only;
    only = null;
    if (cipher != null || last == null && secrets.isEmpty()) {
      return cipher;
    }
    try {
      last = secrets.isEmpty()
          ? KeySchedule.expandLabel(suite.hash(), last, "traffic upd", suite.hashBytes())
          : secrets.poll();
      byte[] key = KeySchedule.expandLabel(suite.hash(), last, "key", suite.keyBytes());
      return new AeadCipher(
          suite.kind(), true, key, KeySchedule.expandLabel(suite.hash(), last, "iv", IV));
    } catch (GeneralSecurityException e) {
      return null; // a cipher that this JDK does not have
    }
  }
}
