package io.sidewire.capture.save;

import io.sidewire.wire.Limits;
import io.sidewire.wire.link.DecodedFrame;
import io.sidewire.wire.link.PacketDecoder;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves frames on a thread of its own, behind a bounded queue: a live capture never waits for the disk, it drops what
 * does not fit, and counts it; a capture file waits.
 */
public final class FrameSaver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FrameSaver.class);

  private static final long FLUSH_MILLIS = 500;
  /** A live frame waits at most so long for the rest of its stream, so that a crash loses at most a second. */
  private static final long PATIENCE_MILLIS = 400;

  private static final long RETRY_MILLIS = 5_000;

  /** What a saver tells of itself. */
  public interface Counts {
    void saved(long packets);

    void dropped(long packets);
  }

  private record Block(List<SavedFrame> frames, long bytes) {}

  private final SaveSettings settings;
  private final boolean live;
  private final Counts counts;
  private final SavedFiles files;
  private final FrameMasker masker;
  private final PacketDecoder decoder = new PacketDecoder(Limits.DEFAULT);
  private final DecodedFrame decoded = new DecodedFrame();
  private final ArrayDeque<Block> queue = new ArrayDeque<>();
  private final Thread thread = new Thread(this::run, "sidewire-save");
  private long queued;
  private boolean closed;
  private long brokenUntil;
  private long told;

  private FrameSaver(SaveSettings settings, boolean live, Counts counts) throws IOException {
    this.settings = settings;
    this.live = live;
    this.counts = counts;
    this.files = new SavedFiles(settings);
    this.masker = new FrameMasker(new Pseudonyms(), files);
  }

  /**
   * Begins to save.
   *
   * @param live drop what the queue cannot take; else wait
   * @throws IOException where the folder cannot be made or written to
   */
  public static FrameSaver start(SaveSettings settings, boolean live, Counts counts)
      throws IOException {
    var saver = new FrameSaver(settings, live, counts);
    saver.thread.setDaemon(true);
    saver.thread.start();
    return saver;
  }

  /** Takes frames, which become the saver's. */
  public void offer(List<Frame> frames) throws InterruptedException {
    long bytes = 0;
    for (Frame frame : frames) {
      bytes += frame.bytes().length + 64;
    }
    synchronized (this) {
      while (queued > 0 && queued + bytes > settings.queueBytes() && !closed) {
        if (live) {
          counts.dropped(frames.size());
          return;
        }
        wait();
      }
      queued += bytes;
      queue.add(new Block(
          frames.stream()
              .map(f -> new SavedFrame(f.linkType(), f.bytes(), f.wireLength(), f.timeMicros()))
              .toList(),
          bytes));
      notifyAll();
    }
  }

  /** A frame that was captured: its bytes are no one else's. */
  public record Frame(int linkType, byte[] bytes, int wireLength, long timeMicros) {}

  /** Writes all that was taken, and ends. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ------------------------------------------------------------------ the saver's thread

  private void run() {
    long flushed = now();
    try {
      Block block = take();
      while (block != null) {
        write(block);
        long now = now();
        if (live) {
          guarded(() -> masker.expire(now - PATIENCE_MILLIS));
        }
        if (now - flushed >= FLUSH_MILLIS) {
          guarded(files::flush);
          guarded(files::expire);
          flushed = now;
        }
        block = take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    guarded(masker::finish);
    guarded(files::close);
    tell();
  }

  /** The next block; an empty one where none came in time, null after the last. */
  private synchronized Block take() throws InterruptedException {
    if (queue.isEmpty() && !closed) {
      wait(PATIENCE_MILLIS / 4);
    }
    Block block = queue.poll();
    if (block != null) {
      queued -= block.bytes;
      notifyAll();
      return block;
    }
    return closed ? null : new Block(List.of(), 0);
  }

  private void write(Block block) {
    if (now() < brokenUntil) {
      counts.dropped(block.frames.size());
      return;
    }
    for (SavedFrame frame : block.frames) {
      guarded(() -> write(frame));
    }
    tell();
  }

  private void write(SavedFrame frame) throws IOException {
    switch (settings.content()) {
      case RAW -> files.frame(frame);
      case MASKED -> masker.frame(frame, now());
      case HEADERS -> {
        decoder.decode(
            frame.linkType,
            frame.bytes,
            0,
            frame.length,
            frame.wireLength,
            frame.timeMicros,
            decoded);
        Headers.cut(frame, decoded);
        files.frame(frame);
      }
    }
  }

  private void tell() {
    long packets = files.packets();
    counts.saved(packets - told);
    told = packets;
  }

  private interface Work {
    void run() throws IOException;
  }

  /** A full disk or a folder that is gone must not end the capture: what cannot be saved is counted. */
  private void guarded(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      brokenUntil = now() + RETRY_MILLIS;
      notSaved(e);
      try {
        files.close();
      } catch (IOException again) {
        LOG.debug("closing failed too: {}", again.getClass().getSimpleName());
      }
    } catch (RuntimeException e) {
      notSaved(e); // a fault of ours in one frame must not cost the others
    }
  }

  private void notSaved(Exception why) {
    counts.dropped(1);
    LOG.warn(
        "cannot save to {} ({}); the capture goes on, and saving is tried again",
        settings.folder(),
        why.getClass().getSimpleName());
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }
}
