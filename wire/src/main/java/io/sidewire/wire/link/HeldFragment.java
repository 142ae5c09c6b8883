package io.sidewire.wire.link;

/** The figures of a fragment that was counted nowhere when it was decoded, because its flow was not known. */
public final class HeldFragment {
  /** Epoch microseconds. */
  public long timeMicros;

  /** Original length on the wire of the frame that carried it. */
  public int frameBytes;

  /** IP total length. */
  public int ipBytes;

  /** Place of its layer within the frame; 0: the outermost, so that this frame counted nowhere else. */
  public int level;

  public HeldFragment() {}

  HeldFragment(long timeMicros, int frameBytes, int ipBytes, int level) {
    this.timeMicros = timeMicros;
    this.frameBytes = frameBytes;
    this.ipBytes = ipBytes;
    this.level = level;
  }
}
