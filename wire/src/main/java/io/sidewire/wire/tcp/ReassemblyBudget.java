package io.sidewire.wire.tcp;

/** What all connections together may keep of bytes that wait for earlier ones. */
public final class ReassemblyBudget {
  private final long limit;
  private long used;

  public ReassemblyBudget(long limit) {
    this.limit = limit;
  }

  /** Takes {@code bytes} if that many are left. */
  boolean take(long bytes) {
    if (used + bytes > limit) {
      return false;
    }
    used += bytes;
    return true;
  }

  void give(long bytes) {
    used -= bytes;
  }

  /** Bytes kept now. */
  public long used() {
    return used;
  }
}
