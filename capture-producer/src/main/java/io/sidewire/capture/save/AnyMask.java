package io.sidewire.capture.save;

/** Masks a body that is JSON if it begins like an object or array, whatever its type says; else it is not known. */
final class AnyMask implements BodyMask {
  private final MaskedBytes out;
  private final Pseudonyms pseudonyms;
  private final ZeroedParts.Flow zeroed;
  private BodyMask chosen;

  AnyMask(MaskedBytes out, Pseudonyms pseudonyms, ZeroedParts.Flow zeroed) {
    this.out = out;
    this.pseudonyms = pseudonyms;
    this.zeroed = zeroed;
  }

  @Override
  public void feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && chosen == null) {
      byte b = bytes[at];
      if (b == '{' || b == '[') {
        chosen = new JsonMask(out, pseudonyms);
      } else if (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
        out.put(b);
        at++;
      } else {
        zeroed.part(ZeroedParts.Why.UNKNOWN);
        chosen = new ZeroMask(out);
      }
    }
    if (at < to) {
      chosen.feed(bytes, at, to);
    }
  }

  @Override
  public void release() {
    if (chosen != null) {
      chosen.release();
    }
  }
}
