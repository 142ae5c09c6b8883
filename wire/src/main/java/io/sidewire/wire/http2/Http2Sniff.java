package io.sidewire.wire.http2;

/** Recognises a server's first frame: some send their settings before the client's preface is there. */
public final class Http2Sniff {
  private static final int MOST_SETTINGS = 32;
  private static final int HIGHEST_SETTING =
      0x10; // those that are registered lie below, GREASE apart

  private Http2Sniff() {}

  /** What a prefix shows. */
  public enum Verdict {
    YES,
    NO,
    /** It fits so far. */
    MORE
  }

  /** A SETTINGS frame with at least one setting, the first of which is a registered one. */
  public static Verdict serverSettings(byte[] bytes, int offset, int length) {
    int[] fixed = {0, 0, -1, FrameHeader.SETTINGS, 0, 0, 0, 0, 0, 0};
    for (int i = 0; i < fixed.length; i++) {
      if (i == length) {
        return Verdict.MORE;
      }
      int b = bytes[offset + i] & 0xff;
      if (fixed[i] >= 0 ? b != fixed[i] : b == 0 || b % 6 != 0 || b > 6 * MOST_SETTINGS) {
        return Verdict.NO;
      }
    }
    if (length == fixed.length) {
      return Verdict.MORE;
    }
    int setting = bytes[offset + fixed.length] & 0xff;
    return setting > 0 && setting <= HIGHEST_SETTING ? Verdict.YES : Verdict.NO;
  }
}
