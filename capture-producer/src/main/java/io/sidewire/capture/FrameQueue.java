package io.sidewire.capture;

import java.util.ArrayDeque;

/**
 * The bounded queue between the capture thread and the decoding thread: frames are copied into blocks that are
 * allocated once. A full queue makes a file source wait; a live source loses its oldest block, and that is counted.
 *
 * <p>One thread puts, one takes.
 */
final class FrameQueue implements PacketSource.FrameSink {
  /*
   * Blocks go round: free → filling → full → with the consumer → free. The consumer takes the block that is being filled
   * when no full one waits, so a frame never waits for its block to fill; under load blocks fill up, and the lock is
   * shared by many frames. The producer signals when a block is full or when its source has nothing more (flush), not
   * for each frame.
   */
  private static final int BLOCK_BYTES = 512 << 10;

  private static final int MIN_BLOCKS = 4;

  private final boolean dropOldest;
  private final CaptureCounters counters;
  private final int blockCount;
  private final ArrayDeque<FrameBlock> free = new ArrayDeque<>();
  private final ArrayDeque<FrameBlock> full = new ArrayDeque<>();
  private FrameBlock filling;
  private CaptureInput input;
  private int created;
  private boolean closed;

  /** @param dropOldest true for a live source */
  FrameQueue(int capacityBytes, boolean dropOldest, CaptureCounters counters) {
    this.dropOldest = dropOldest;
    this.counters = counters;
    this.blockCount = Math.max(MIN_BLOCKS, capacityBytes / BLOCK_BYTES);
  }

  @Override
  public synchronized void begin(CaptureInput next) throws InterruptedException {
    input = next;
    filling =
        nextBlock(); // empty: the consumer's clock begins with the input, not with its first frame
    filling.reset(input, 0);
    notifyAll();
  }

  @Override
  public synchronized void frame(
      int linkType, int captured, int wireLength, long timeMicros, PacketSource.FrameBytes bytes)
      throws InterruptedException {
    if (filling != null && !filling.hasRoom(captured)) {
      handOver();
    }
    if (filling == null) {
      filling = nextBlock();
      filling.reset(input, captured);
    }
    filling.add(linkType, captured, wireLength, timeMicros, bytes);
  }

  @Override
  public synchronized void flush() {
    if (filling != null) {
      notifyAll();
    }
  }

  @Override
  public synchronized void end() throws InterruptedException {
    if (filling == null) {
      filling = nextBlock();
      filling.reset(input, 0);
    }
    filling.last = true;
    handOver();
  }

  /** No frame will be put any more; the consumer gets what is left, then null with {@link #isDrained}. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** True after {@link #close} once everything was taken. */
  synchronized boolean isDrained() {
    return closed && full.isEmpty() && filling == null;
  }

  /** The oldest frames there are, waiting at most so long for any; null where none came. Give it back by {@link #release}. */
  synchronized FrameBlock take(long timeoutMillis) throws InterruptedException {
    if (full.isEmpty() && filling == null && !closed && timeoutMillis > 0) {
      wait(timeoutMillis);
    }
    FrameBlock taken = full.poll();
    if (taken == null) {
      taken = filling;
      filling = null;
    }
    return taken;
  }

  synchronized void release(FrameBlock block) {
    free.add(block);
    notifyAll();
  }

  private void handOver() {
    full.add(filling);
    filling = null;
    notifyAll();
  }

  private FrameBlock nextBlock() throws InterruptedException {
    while (true) {
      FrameBlock block = free.poll();
      if (block != null) {
        return block;
      }
      if (created < blockCount) {
        created++;
        return new FrameBlock(BLOCK_BYTES);
      }
      FrameBlock oldest = dropOldest ? full.poll() : null;
      if (oldest != null) {
        counters.droppedByQueue(oldest.count, oldest.wireBytes());
        return oldest;
      }
      wait();
    }
  }
}
