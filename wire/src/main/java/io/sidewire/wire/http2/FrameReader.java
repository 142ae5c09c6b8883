package io.sidewire.wire.http2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts the bytes of one direction into frames. Bodies are passed on as they come; of the other frames the first
 * {@code keep} bytes are kept until the frame is whole.
 *
 * <pre>
 * PREFACE ─ HEADER ─ PAYLOAD ─┐      a gap that is longer than the payload's rest: SEEK
 *             ▲└──────────────┤
 *             └──── SEEK ◄────┘      no HTTP/2 at all: REFUSED
 * </pre>
 */
final class FrameReader {

  /** Takes the frames of a direction; the header is valid during the call only. */
  interface Listener {
    /** Bytes of a DATA frame, its header and padding included, are counted before they are given. */
    void counted(FrameHeader frame, int bytes, long time);

    void data(FrameHeader frame, byte[] bytes, int offset, int length, long time);

    /** {@code missing} bytes of a DATA frame will never come. */
    void dataGap(FrameHeader frame, long missing);

    void dataEnd(FrameHeader frame, long time);

    /**
     * Any other frame.
     *
     * @param kept bytes of the payload at the start of {@code payload}
     * @param whole they are all there are
     */
    void frame(FrameHeader frame, byte[] payload, int kept, boolean whole, long time);

    /** Frames may be missing. */
    void lost(long time);

    /** The bytes break the rules. */
    void invalid(long time);
  }

  private enum State {
    PREFACE,
    HEADER,
    PAYLOAD,
    SEEK,
    REFUSED
  }

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PREFACE_REST = "\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final int keep;
  private final Listener listener;
  private final FrameHeader frame = new FrameHeader();
  private final FrameSeeker seeker = new FrameSeeker();
  private final byte[] head = new byte[FrameHeader.LENGTH];
  private State state;
  private byte[] preface;
  private boolean first = true; // the frame that comes next must be SETTINGS
  private int fill; // of the preface, or of the header
  private int left; // of the payload
  private int padding; // at the end of the payload; -1: its length comes first
  private byte[] kept = new byte[256];
  private int keptLength;
  private boolean whole;
  private int longest = 16 << 10; // frame that was seen; the least that everybody accepts

  private FrameReader(int keep, Listener listener, byte[] preface) {
    this.keep = keep;
    this.listener = listener;
    this.preface = preface;
    this.state = preface == null ? State.HEADER : State.PREFACE;
  }

  /** @param begun the first line of the preface was taken already */
  static FrameReader ofClient(int keep, Listener listener, boolean begun) {
    return new FrameReader(keep, listener, begun ? PREFACE_REST : PREFACE);
  }

  static FrameReader ofServer(int keep, Listener listener) {
    return new FrameReader(keep, listener, null);
  }

  void feed(byte[] bytes, int offset, int length, long time, long sequence) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      long here = sequence + (at - offset) & 0xffffffffL;
      at += switch (state) {
        case PREFACE -> preface(bytes, at, end, time);
        case HEADER -> header(bytes, at, end, time, here);
        case PAYLOAD -> payload(bytes, at, end, time);
        case SEEK -> seek(bytes, at, end, time, here);
        case REFUSED -> end - at;
      };
    }
  }

  // ---------------------------------------------------------------- states: each says how many
  // bytes it took

  private int preface(byte[] bytes, int at, int end, long time) {
    if (fill == 0 && preface == PREFACE && (bytes[at] == '\r' || bytes[at] == '\n')) {
      return 1; // blank lines before a request are overlooked
    }
    int count = Math.min(end - at, preface.length - fill);
    for (int i = 0; i < count; i++) {
      if (bytes[at + i] != preface[fill + i]) {
        refuse(time);
        return count;
      }
    }
    fill += count;
    if (fill == preface.length) {
      fill = 0;
      state = State.HEADER;
    }
    return count;
  }

  private void refuse(long time) {
    state = State.REFUSED;
    listener.invalid(time);
  }

  private int header(byte[] bytes, int at, int end, long time, long sequence) {
    if (fill == 0) {
      frame.start = time;
      frame.sequence = sequence;
    }
    int count = Math.min(end - at, head.length - fill);
    System.arraycopy(bytes, at, head, fill, count);
    fill += count;
    if (fill == head.length) {
      frame.read(head, 0, frame.start, frame.sequence);
      begin(time);
    }
    return count;
  }

  private void begin(long time) {
    fill = 0;
    if (first && (frame.type != FrameHeader.SETTINGS || !frame.plausible(longest))) {
      refuse(time);
      return;
    }
    first = false;
    longest = Math.max(longest, frame.length);
    left = frame.length;
    keptLength = 0;
    whole = true;
    padding = frame.padded() && frame.type == FrameHeader.DATA ? -1 : 0;
    state = State.PAYLOAD;
    if (frame.type == FrameHeader.DATA) {
      listener.counted(frame, FrameHeader.LENGTH, time);
    }
    if (left == 0) {
      finish(time);
    }
  }

  private int payload(byte[] bytes, int at, int end, long time) {
    int count = Math.min(end - at, left);
    if (frame.type != FrameHeader.DATA) {
      keep(bytes, at, count);
    } else if (padding < 0) {
      padding = bytes[at] & 0xff;
      count = 1;
      listener.counted(frame, 1, time);
      if (padding > left - 1) {
        listener.invalid(time);
        padding = left - 1;
      }
    } else {
      int body = Math.min(count, left - padding);
      listener.counted(frame, count, time);
      if (body > 0) {
        listener.data(frame, bytes, at, body, time);
      }
    }
    left -= count;
    if (left == 0) {
      finish(time);
    }
    return count;
  }

  private void keep(byte[] bytes, int at, int count) {
    int room = Math.min(count, keep - keptLength);
    if (keptLength + room > kept.length) {
      kept = Arrays.copyOf(kept, Math.min(keep, Math.max(keptLength + room, 2 * kept.length)));
    }
    System.arraycopy(bytes, at, kept, keptLength, room);
    keptLength += room;
    whole &= room == count;
  }

  private void finish(long time) {
    state = State.HEADER;
    if (frame.type == FrameHeader.DATA) {
      listener.dataEnd(frame, time);
    } else {
      listener.frame(frame, kept, keptLength, whole, time);
    }
    if (kept.length > 16 << 10) {
      kept = new byte[256]; // a large head is rare
    }
  }

  // ---------------------------------------------------------------- loss

  /** {@code missing} bytes will never come. */
  void gap(long missing, long time) {
    if (state == State.REFUSED) {
      return;
    }
    boolean inside = state == State.PAYLOAD && missing <= left && padding >= 0;
    if (state == State.PAYLOAD && frame.type == FrameHeader.DATA) {
      listener.dataGap(frame, Math.min(missing, Math.max(0, left - Math.max(0, padding))));
    }
    if (!inside) {
      if (state == State.PAYLOAD && frame.type != FrameHeader.DATA) {
        listener.frame(frame, kept, keptLength, false, time);
      }
      first = false;
      fill = 0;
      seeker.clear();
      state = State.SEEK;
      listener.lost(time);
      return;
    }
    left -= (int) missing;
    whole = false;
    if (left == 0) {
      finish(time);
    }
  }

  private int seek(byte[] bytes, int at, int end, long time, long sequence) {
    seeker.add(bytes, at, end - at, time, sequence);
    if (seeker.found(longest)) {
      state = State.HEADER;
      seeker.giveRest(this::feed);
    }
    return end - at;
  }
}
