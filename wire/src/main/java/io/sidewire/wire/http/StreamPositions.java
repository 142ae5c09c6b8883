package io.sidewire.wire.http;

/**
 * How far each side of a connection has come, in TCP sequence numbers: behind its last byte that was seen or is known to
 * be lost, and what it had acknowledged when it last spoke. One a flow, whatever parsers it passes through.
 */
public final class StreamPositions {
  long clientEnd = Sequence.UNKNOWN;
  long serverEnd = Sequence.UNKNOWN;
  long clientReceived = Sequence.UNKNOWN;
  long serverReceived = Sequence.UNKNOWN;
}
