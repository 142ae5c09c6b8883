package io.sidewire.wire.tls.decrypt;

/**
 * How the connections of one capture are read with keys: where the keys are, how long and with how much ciphertext they are
 * waited for. Shared by the flows of one analyzer.
 */
public final class Decryption {
  /** Ciphertext kept of one connection while its keys are missing; a large upload in the time that is waited. */
  public static final int HELD_BYTES_FLOW = 1 << 20;

  /** The same over all connections. */
  public static final int HELD_BYTES_TOTAL = 64 << 20;

  /** How long keys are waited for before exchanges are inferred, in microseconds of packet time. */
  public static final long WAIT_MICROS = 2_000_000;

  /** Records that cannot be opened, none having been, after which the keys are taken for another connection's. */
  public static final int MOST_FAILURES = 32;

  private final KeySource keys;
  private final long waitMicros;
  private long held;

  public Decryption(KeySource keys, long waitMicros) {
    this.keys = keys;
    this.waitMicros = waitMicros;
  }

  /** Nothing is decrypted. */
  public static Decryption off() {
    return new Decryption(KeySource.NONE, 0);
  }

  public boolean on() {
    return keys != KeySource.NONE;
  }

  public KeySource keys() {
    return keys;
  }

  public long waitMicros() {
    return waitMicros;
  }

  /** Asks for room for so many bytes; false where there is none. */
  public boolean take(long bytes) {
    if (held + bytes > HELD_BYTES_TOTAL) {
      return false;
    }
    held += bytes;
    return true;
  }

  public void give(long bytes) {
    held -= bytes;
  }
}
