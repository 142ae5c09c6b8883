package io.sidewire.wire.tls.decrypt;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** The secrets of one TLS connection that are known so far, immutable. Its text never shows one. */
public final class TlsSecrets {

  /** What a secret is for; named as in key logs (RFC 9850). */
  public enum Label {
    /** The master secret, up to TLS 1.2. */
    CLIENT_RANDOM,
    CLIENT_EARLY_TRAFFIC_SECRET,
    CLIENT_HANDSHAKE_TRAFFIC_SECRET,
    SERVER_HANDSHAKE_TRAFFIC_SECRET,
    CLIENT_TRAFFIC_SECRET_0,
    SERVER_TRAFFIC_SECRET_0
  }

  public static final TlsSecrets EMPTY = new TlsSecrets(new EnumMap<>(Label.class));

  private final Map<Label, byte[]> known;

  private TlsSecrets(Map<Label, byte[]> known) {
    this.known = known;
  }

  /** The same with one more. */
  public TlsSecrets with(Label label, byte[] secret) {
    Map<Label, byte[]> more = new EnumMap<>(Label.class);
    more.putAll(known);
    more.put(label, secret.clone());
    return new TlsSecrets(more);
  }

  /** True where that secret, with that value, would say nothing new. */
  public boolean has(Label label, byte[] secret) {
    byte[] one = known.get(label);
    return one != null && Arrays.equals(one, secret); // Jazzer's hook of equals() takes no null
  }

  /** The key of early data is there. */
  public boolean hasEarlyData() {
    return get(Label.CLIENT_EARLY_TRAFFIC_SECRET) != null;
  }

  /** Application data can be read with what is known. */
  public boolean sufficient(boolean tls13) {
    return tls13
        ? known.containsKey(Label.CLIENT_TRAFFIC_SECRET_0)
            && known.containsKey(Label.SERVER_TRAFFIC_SECRET_0)
        : known.containsKey(Label.CLIENT_RANDOM);
  }

  byte[] get(Label label) {
    return known.get(label);
  }

  @Override
  public String toString() {
    return "TlsSecrets" + known.keySet();
  }
}
