package io.sidewire.processor.fold;

import io.sidewire.schemas.EpochState;

/** One run of one shard of a capture: what belongs together, with its clock. */
public final class Scope {
  private final String host;
  private final String epoch;
  private final int shard;
  private final boolean file;
  private final String key;
  private final String knowledgeKey;
  private long clock;

  public Scope(String host, String epoch, int shard, boolean file, long clock) {
    this(host, epoch, shard, file, clock, key(host, epoch, shard));
  }

  private Scope(String host, String epoch, int shard, boolean file, long clock, String key) {
    this.host = host;
    this.epoch = epoch;
    this.shard = shard;
    this.file = file;
    this.key = key;
    // What a live host taught outlives a restart of its capture; files of one name need not be of
    // one network.
    this.knowledgeKey =
        file ? key : StateKeys.of(StateKeys.text(host), "", Integer.toString(shard));
    this.clock = clock;
  }

  public static Scope of(EpochState state) {
    return new Scope(
        state.getHost(), state.getEpoch(), state.getShard(), state.getFile(), state.getClock());
  }

  /** A file whose state no other shares: a short key spares most of the comparing and hashing of its keys. */
  static Scope alone(String host, String epoch) {
    return new Scope(host, epoch, 0, true, 0, "");
  }

  public static String key(String host, String epoch, int shard) {
    return StateKeys.of(StateKeys.text(host), StateKeys.text(epoch), Integer.toString(shard));
  }

  public String host() {
    return host;
  }

  public String epoch() {
    return epoch;
  }

  public int shard() {
    return shard;
  }

  public boolean file() {
    return file;
  }

  /** The parts that the keys of its state begin with. */
  public String key() {
    return key;
  }

  String knowledgeKey() {
    return knowledgeKey;
  }

  /** Latest packet clock of its ticks; 0 before the first. */
  public long clock() {
    return clock;
  }

  /** A tick came. The clock never goes back. */
  public void advance(long packetClock) {
    clock = Math.max(clock, packetClock);
  }
}
