package io.sidewire.wire.http;

/** A message that is read: where it stands on the wire so far. */
final class Message {
  /** Time and TCP sequence number of its first byte. */
  final long start;

  final long sequence;

  /** Time of its last byte so far. */
  long end;

  /** Bytes so far, head and framing included; what a gap swallowed inside a known length counts. */
  long bytes;

  /** Body after de-chunking. */
  long bodyBytes;

  /** False where a gap touched it. */
  boolean complete = true;

  Message(long start, long sequence) {
    this.start = start;
    this.sequence = sequence;
    this.end = start;
  }
}
