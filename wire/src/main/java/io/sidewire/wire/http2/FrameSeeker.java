package io.sidewire.wire.http2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks for a frame behind a gap. A header right behind the gap is believed alone, since losses often end where a frame
 * begins; any other only with another plausible one behind its payload.
 */
final class FrameSeeker {

  /** Takes bytes, as {@link FrameReader#feed}. */
  interface Consumer {
    void feed(byte[] bytes, int offset, int length, long time, long sequence);
  }

  private record Part(int end, long time, long sequence) {}

  private static final int MOST_BYTES = 64 << 10;

  private final FrameHeader candidate = new FrameHeader();
  private byte[] bytes = new byte[0];
  private int length;
  private final List<Part> parts = new ArrayList<>();
  private int at; // candidates before it are none
  private boolean afterGap = true; // the candidate stands right behind the gap

  void clear() {
    length = 0;
    at = 0;
    afterGap = true;
    parts.clear();
  }

  void add(byte[] from, int offset, int count, long time, long sequence) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
    parts.add(new Part(length, time, sequence));
  }

  /** A frame was found: {@link #giveRest} gives it on. Where not, what is not needed any more is forgotten. */
  boolean found(int longest) {
    for (; at + FrameHeader.LENGTH <= length; at++, afterGap = false) {
      if (!plausible(at, longest)) {
        continue;
      }
      if (afterGap) {
        return true;
      }
      int next = at + FrameHeader.LENGTH + candidate.length;
      if (next + FrameHeader.LENGTH > length) {
        if (next + FrameHeader.LENGTH - at > MOST_BYTES) {
          continue; // it would take too much to see
        }
        break;
      }
      if (plausible(next, longest)) {
        return true;
      }
    }
    forget();
    return false;
  }

  private boolean plausible(int position, int longest) {
    candidate.read(bytes, position, 0, 0);
    return candidate.plausible(longest);
  }

  private void forget() {
    int keepFrom = Math.min(at, length);
    if (keepFrom < MOST_BYTES) {
      return;
    }
    List<Part> rest = new ArrayList<>();
    int start = 0;
    for (Part part : parts) {
      if (part.end > keepFrom) {
        int cut = Math.max(0, keepFrom - start);
        rest.add(new Part(part.end - keepFrom, part.time, part.sequence + cut & 0xffffffffL));
      }
      start = part.end;
    }
    parts.clear();
    parts.addAll(rest);
    System.arraycopy(bytes, keepFrom, bytes, 0, length - keepFrom);
    length -= keepFrom;
    at = 0;
  }

  /** Gives on what stands from the frame that was found. */
  void giveRest(Consumer consumer) {
    byte[] found = bytes;
    List<Part> all = List.copyOf(parts);
    int from = at;
    bytes = new byte[0];
    clear();
    int start = 0;
    for (Part part : all) {
      int begin = Math.max(start, from);
      if (part.end > begin) {
        long sequence = part.sequence + (begin - start) & 0xffffffffL;
        consumer.feed(found, begin, part.end - begin, part.time, sequence);
      }
      start = part.end;
    }
  }
}
