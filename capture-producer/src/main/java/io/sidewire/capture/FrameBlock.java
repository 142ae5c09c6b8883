package io.sidewire.capture;

import io.sidewire.capture.save.FrameSaver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Copied frames of one input in the order of their capture, in buffers that are used again. */
final class FrameBlock {
  private static final int FIRST_FRAMES = 1024;

  CaptureInput input;
  /** No frame of this input follows this block. */
  boolean last;

  int count;
  byte[] bytes;
  int[] offsets = new int[FIRST_FRAMES];
  int[] captured = new int[FIRST_FRAMES];
  int[] wireLengths = new int[FIRST_FRAMES];
  int[] linkTypes = new int[FIRST_FRAMES];
  long[] times = new long[FIRST_FRAMES];

  private final int capacity;
  private int used;

  FrameBlock(int capacity) {
    this.capacity = capacity;
    this.bytes = new byte[capacity];
  }

  /** Empties the block for frames of {@code input}, the first of them {@code firstLength} long. */
  void reset(CaptureInput input, int firstLength) {
    this.input = input;
    last = false;
    count = 0;
    used = 0;
    int wanted = Math.max(capacity, firstLength);
    if (bytes.length != wanted) {
      bytes = new byte[wanted]; // one frame longer than a block, or back from one
    }
  }

  boolean hasRoom(int length) {
    return bytes.length - used >= length;
  }

  void add(
      int linkType, int length, int wireLength, long timeMicros, PacketSource.FrameBytes source) {
    if (count == offsets.length) {
      grow();
    }
    source.copyTo(bytes, used, length);
    offsets[count] = used;
    captured[count] = length;
    wireLengths[count] = wireLength;
    linkTypes[count] = linkType;
    times[count] = timeMicros;
    used += length;
    count++;
  }

  long wireBytes() {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += wireLengths[i];
    }
    return sum;
  }

  /** Copies of the frames. */
  List<FrameSaver.Frame> frames() {
    var out = new ArrayList<FrameSaver.Frame>(count);
    for (int i = 0; i < count; i++) {
      byte[] frame = Arrays.copyOfRange(bytes, offsets[i], offsets[i] + captured[i]);
      out.add(new FrameSaver.Frame(linkTypes[i], frame, wireLengths[i], times[i]));
    }
    return out;
  }

  private void grow() {
    int size = offsets.length * 2;
    offsets = Arrays.copyOf(offsets, size);
    captured = Arrays.copyOf(captured, size);
    wireLengths = Arrays.copyOf(wireLengths, size);
    linkTypes = Arrays.copyOf(linkTypes, size);
    times = Arrays.copyOf(times, size);
  }
}
