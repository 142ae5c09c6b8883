package io.sidewire.wire.http;

/** Takes the body of a message as it comes, framing removed. */
interface BodyReader {
  void data(byte[] bytes, int offset, int length, long time);

  /** Bytes are missing. */
  void gap();

  /** The body is over, whole or not. */
  void end();
}
