package io.sidewire.capture.save;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** Writes frames to one file after another, with the list of what was zeroed beside each. Single-threaded. */
final class SavedFiles implements FrameMasker.Out, AutoCloseable {
  private static final int MOST_LISTED = 10_000;

  private final SaveSettings settings;
  private final SaveFolder folder;
  private PcapngWriter writer;
  private Path file;
  private Writer list;
  private int listed;
  private long openedNanos;
  private boolean dirty;
  private long packets;

  SavedFiles(SaveSettings settings) throws IOException {
    this.settings = settings;
    this.folder = SaveFolder.open(settings);
  }

  /** Packets written since the start. */
  long packets() {
    return packets;
  }

  @Override
  public void frame(SavedFrame frame) throws IOException {
    long most = Math.min(settings.rotateBytes(), settings.maxBytes());
    if (writer != null && packetFits(frame, most)) {
      writer.frame(frame);
    } else {
      rotate(most);
      writer.frame(frame);
    }
    packets++;
    dirty = true;
  }

  @Override
  public void zeroed(String flow, ZeroedParts.Why why) {
    if (listed >= MOST_LISTED) {
      return;
    }
    listed++;
    try {
      if (writer == null) {
        rotate(Math.min(settings.rotateBytes(), settings.maxBytes()));
      }
      if (list == null) {
        list = new BufferedWriter(new OutputStreamWriter(
            SaveFolder.create(SaveFolder.listOf(file)), StandardCharsets.UTF_8));
      }
      list.write("{\"flow\":\"" + flow + "\",\"zeroed\":\""
          + why.name().toLowerCase(java.util.Locale.ROOT) + "\"}\n");
    } catch (IOException e) {
      listed = MOST_LISTED; // the file itself tells of the disk's trouble
    }
  }

  /** What was written is in the file, whatever becomes of this process. */
  void flush() throws IOException {
    if (dirty) {
      writer.flush();
      if (list != null) {
        list.flush();
      }
      dirty = false;
    }
  }

  /** Deletes what is too old; a file that is as old as the next should be is written no more. */
  void expire() throws IOException {
    if (settings.maxAgeSeconds() == SaveSettings.FOR_EVER) {
      return;
    }
    if (writer != null && openSeconds() >= settings.rotateSeconds()) {
      close();
    }
    folder.deleteBefore(
        Instant.now().minusSeconds(settings.maxAgeSeconds()), writer == null ? null : file);
  }

  @Override
  public void close() throws IOException {
    PcapngWriter open = writer;
    Writer openList = list;
    writer = null;
    list = null;
    dirty = false;
    if (openList != null) {
      openList.close();
    }
    if (open != null) {
      open.close();
    }
  }

  private boolean packetFits(SavedFrame frame, long most) {
    return writer.size() + frame.length + 32 <= most && openSeconds() < settings.rotateSeconds();
  }

  private long openSeconds() {
    return (System.nanoTime() - openedNanos) / 1_000_000_000;
  }

  private void rotate(long most) throws IOException {
    close();
    folder.makeRoom(null, most);
    file = folder.next(Instant.now());
    writer = new PcapngWriter(
        SaveFolder.create(file),
        "Sidewire, " + settings.content().name().toLowerCase(java.util.Locale.ROOT));
    openedNanos = System.nanoTime();
    listed = 0;
  }
}
