package io.sidewire.capture.save;

/** Masks the bytes of one body, without framing; what it cannot tell yet it keeps back. */
interface BodyMask {
  void feed(byte[] bytes, int from, int to);

  /** No byte follows for now: lets go, masked, of what is kept back. */
  void release();
}
