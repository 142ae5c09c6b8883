package io.sidewire.wire.http;

/** The bytes of one direction that came together, with a position; used again for each. */
final class Chunk {
  byte[] bytes;
  int position;
  int end;
  long time;
  private int start;
  private long sequence;

  void set(byte[] bytes, int offset, int length, long time, long sequence) {
    this.bytes = bytes;
    this.start = offset;
    this.position = offset;
    this.end = offset + length;
    this.time = time;
    this.sequence = sequence;
  }

  boolean hasRemaining() {
    return position < end;
  }

  int remaining() {
    return end - position;
  }

  /** TCP sequence number of the byte at the position; -1 where there is none. */
  long sequence() {
    return sequence < 0 ? -1 : sequence + (position - start) & 0xffffffffL;
  }
}
