package io.sidewire.capture.save;

/** Follows the frames of HTTP/2 in clear text: their headers and settings stay, what is coded or content is zeroed. */
final class Http2Mask {
  private static final int HEADER = 9;
  private static final int PREFACE = 24;
  private static final int LONGEST = 1 << 20;
  private static final int PRIORITY = 2;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int LAST_TYPE = 12;

  private final MaskedBytes out;
  private final ZeroedParts.Flow zeroed;
  private final byte[] header = new byte[HEADER];
  private int preface;
  private int headerLength;
  private long left;
  private boolean stays;
  private boolean over;

  /** @param client this direction begins with the preface */
  Http2Mask(MaskedBytes out, boolean client, ZeroedParts.Flow zeroed) {
    this.out = out;
    this.preface = client ? PREFACE : 0;
    this.zeroed = zeroed;
  }

  boolean over() {
    return over;
  }

  int feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && !over) {
      if (preface > 0) {
        out.put(bytes[at++]);
        preface--;
      } else if (left > 0) {
        int count = (int) Math.min(left, to - at);
        if (stays) {
          out.put(bytes, at, count);
        } else {
          out.fill(0, count);
        }
        left -= count;
        at += count;
      } else {
        header[headerLength++] = bytes[at++];
        if (headerLength == HEADER) {
          begin();
        }
      }
    }
    return at;
  }

  private void begin() {
    int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | header[2] & 0xff;
    int type = header[3] & 0xff;
    if (length > LONGEST || type > LAST_TYPE) {
      over = true;
      release();
      return;
    }
    stays = type >= PRIORITY && type <= SETTINGS || type == WINDOW_UPDATE;
    if (!stays && length > 0) {
      zeroed.part(ZeroedParts.Why.HPACK);
    }
    out.put(header, 0, HEADER);
    headerLength = 0;
    left = length;
  }

  void release() {
    out.fill(0, headerLength);
    over |= headerLength > 0;
    headerLength = 0;
  }

  boolean gap(long missing) {
    release();
    over |= missing > left;
    left -= over ? left : missing;
    return !over;
  }
}
