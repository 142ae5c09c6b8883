package io.sidewire.capture.save;

import io.sidewire.capture.file.CaptureFileReader;
import io.sidewire.capture.save.SaveSettings.Content;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * The most recent packets of a live capture, masked, in small files of one folder that follow each other and go by bytes
 * and age; from them what ran a moment ago is saved.
 *
 * <p>The masks need the whole stream, so they are put on as the packets come: nothing unmasked lies on the disk.
 */
public final class Ring {
  /** So many parts of its bytes, and of its age, are one file: what leaves the ring leaves it by the file. */
  private static final int PARTS = 8;

  private static final int QUEUE_BYTES = 8 << 20;
  private static final int MOST_FILES = 1_000;

  /** Chooses packets; the frame is valid during the call only. */
  @FunctionalInterface
  public interface Choice {
    boolean takes(CaptureFileReader frame);

    /** Whether the list of what was zeroed speaks of a flow that was chosen from; by {@code A port > B port}. */
    default boolean tookFrom(String flow) {
      return false;
    }
  }

  /**
   * What a ring held.
   *
   * @param taken packets that were chosen
   * @param packets packets that were looked at
   * @param oldest time of the oldest packet, 0 where there was none
   * @param newest time of the newest packet
   */
  public record Contents(long taken, long packets, long oldest, long newest) {}

  private Ring() {}

  /** How the packets of a ring are saved. */
  public static SaveSettings settings(Path folder, long bytes, Duration age) {
    return new SaveSettings(
        folder,
        Content.MASKED,
        bytes,
        MOST_FILES,
        Math.max(1, bytes / PARTS),
        Math.max(1, age.toSeconds() / PARTS),
        QUEUE_BYTES,
        age.toSeconds());
  }

  /** Deletes what an earlier capture left in the folder, if there is one. */
  public static void clear(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      SaveFolder.deleteAll(folder);
      try (var left = Files.list(folder)) {
        if (left.findAny().isPresent()) {
          return; // files of others stay
        }
      }
      Files.deleteIfExists(folder);
    }
  }

  /**
   * Copies what is chosen into a new file for its owner alone; where nothing is chosen there is no file.
   *
   * @throws java.nio.file.FileAlreadyExistsException where there is such a file
   */
  public static Contents copy(Path folder, Choice choice, Path target) throws IOException {
    var out = new Output(target);
    try {
      for (Path file : SaveFolder.files(folder)) {
        out.copyFrom(file, choice);
      }
      if (out.writer != null) {
        out.copyLists(folder, choice);
      }
    } catch (IOException | RuntimeException e) {
      out.close();
      if (out.writer != null) {
        Files.deleteIfExists(target);
      }
      throw e;
    }
    out.close();
    return new Contents(out.taken, out.packets, out.oldest, out.newest);
  }

  /** The file that is made, once there is a packet for it. */
  private static final class Output {
    private final Path target;
    private PcapngWriter writer;
    private long taken;
    private long packets;
    private long oldest;
    private long newest;

    Output(Path target) {
      this.target = target;
    }

    void copyFrom(Path file, Choice choice) throws IOException {
      // The newest file is still written to: what is not whole of it yet is not read.
      try (var reader = CaptureFileReader.open(file)) {
        while (reader.next()) {
          packets++;
          oldest = oldest == 0 ? reader.timeMicros() : Math.min(oldest, reader.timeMicros());
          newest = Math.max(newest, reader.timeMicros());
          if (choice.takes(reader)) {
            write(reader);
          }
        }
      } catch (NoSuchFileException gone) {
        // The ring has gone on meanwhile.
      } catch (io.sidewire.capture.file.CaptureFormatException notBegun) {
        // Nothing of it is flushed yet.
      }
    }

    private void write(CaptureFileReader frame) throws IOException {
      if (writer == null) {
        writer = new PcapngWriter(SaveFolder.create(target), "Sidewire, masked");
      }
      byte[] bytes = java.util.Arrays.copyOfRange(
          frame.frame(), frame.offset(), frame.offset() + frame.capturedLength());
      writer.frame(new SavedFrame(frame.linkType(), bytes, frame.wireLength(), frame.timeMicros()));
      taken++;
    }

    /** What was zeroed of the chosen flows, beside the file. */
    void copyLists(Path folder, Choice choice) throws IOException {
      Set<String> lines = new java.util.LinkedHashSet<>();
      for (Path file : SaveFolder.files(folder)) {
        Path list = SaveFolder.listOf(file);
        if (Files.exists(list)) {
          for (String line : Files.readAllLines(list)) {
            String flow = line.replaceFirst("^\\{\"flow\":\"([^\"]*)\".*", "$1");
            if (choice.tookFrom(flow)) {
              lines.add(line);
            }
          }
        }
      }
      if (!lines.isEmpty()) {
        Files.deleteIfExists(SaveFolder.listOf(target));
        try (Writer list = new BufferedWriter(new OutputStreamWriter(
            SaveFolder.create(SaveFolder.listOf(target)), StandardCharsets.UTF_8))) {
          for (String line : lines) {
            list.write(line + "\n");
          }
        }
      }
    }

    void close() throws IOException {
      if (writer != null) {
        writer.close();
      }
    }
  }
}
