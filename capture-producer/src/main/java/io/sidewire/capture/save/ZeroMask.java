package io.sidewire.capture.save;

/** Zeros for what is compressed or not known. */
record ZeroMask(MaskedBytes out) implements BodyMask {
  @Override
  public void feed(byte[] bytes, int from, int to) {
    out.fill(0, to - from);
  }

  @Override
  public void release() {
    // Nothing is kept back.
  }
}
