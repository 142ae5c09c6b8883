package io.sidewire.capture.keylog;

import io.sidewire.wire.tls.decrypt.KeySource;
import io.sidewire.wire.tls.decrypt.TlsSecrets;
import io.sidewire.wire.tls.decrypt.TlsSecrets.Label;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The secrets read from key logs, in memory only, of the last {@value #MOST_CONNECTIONS} connections that they tell of. Safe
 * for use by the thread that reads key logs and the one that reads packets.
 */
final class KeyLogStore implements KeySource {
  static final int MOST_CONNECTIONS = 1 << 16;

  private final Map<ByteBuffer, TlsSecrets> byRandom = new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<ByteBuffer, TlsSecrets> eldest) {
      return size() > MOST_CONNECTIONS;
    }
  };
  private volatile long version;
  private volatile boolean complete;
  private long unreadable;

  synchronized void add(byte[] clientRandom, Label label, byte[] secret) {
    ByteBuffer key = ByteBuffer.wrap(clientRandom.clone());
    TlsSecrets known = byRandom.getOrDefault(key, TlsSecrets.EMPTY);
    if (!known.has(label, secret)) {
      byRandom.put(key, known.with(label, secret));
      version++;
    }
  }

  synchronized void unreadableLine() {
    unreadable++;
  }

  /** Lines that are none of a key log. */
  synchronized long unreadableLines() {
    return unreadable;
  }

  /** Connections of which something is known. */
  synchronized int connections() {
    return byRandom.size();
  }

  /** Everything was read that there will be. */
  void completed() {
    complete = true;
    version++;
  }

  @Override
  public synchronized TlsSecrets secrets(byte[] clientRandom) {
    return byRandom.get(ByteBuffer.wrap(clientRandom));
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public boolean complete() {
    return complete;
  }
}
