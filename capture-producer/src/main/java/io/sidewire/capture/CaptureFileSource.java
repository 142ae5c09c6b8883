package io.sidewire.capture;

import io.sidewire.capture.CaptureConfig.Pace;
import io.sidewire.capture.file.CaptureFileReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Packets of capture files, one after another, each an input of its own.
 *
 * <p>A file that cannot be read, or ends in the middle of a packet, is told of in {@link #problems}; its readable part
 * and the other files are read all the same.
 */
public final class CaptureFileSource implements PacketSource {
  private static final long MAX_PAUSE_MILLIS = 100;

  private final List<Path> files;
  private final Pace pace;
  private final Map<String, String> settings;
  private final List<String> problems = new ArrayList<>();
  private volatile boolean stopped;

  public CaptureFileSource(CaptureConfig config, List<Path> files) {
    this.files = List.copyOf(files);
    this.pace = config.get(CaptureConfig.PACE);
    this.settings = Map.of(
        "source",
        "file",
        "mode",
        config.get(CaptureConfig.MODE).text(),
        "keylog",
        config.get(CaptureConfig.KEYLOG).isEmpty() ? "off" : "on");
  }

  @Override
  public boolean live() {
    return false;
  }

  @Override
  public void run(FrameSink out) throws InterruptedException {
    for (Path file : files) {
      if (!stopped) {
        read(file, out);
      }
    }
  }

  List<Path> files() {
    return files;
  }

  /** What was wrong with files, one line each, naming the file and the fix. */
  public synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public void close() {
    stop();
  }

  /** The name under which a file's records stand. */
  public static String hostOf(Path file) {
    return "file:" + file.toAbsolutePath().normalize().getFileName();
  }

  /** A hash of a file's whole content: the same file has the same epoch, wherever it lies. */
  static String epochOf(Path file) throws IOException {
    var first = new CRC32C();
    var second = new CRC32();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      long size = 0;
      for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer)) {
        size += read;
        buffer.flip();
        first.update(buffer.duplicate());
        second.update(buffer);
        buffer.clear();
      }
      return String.format("%08x%08x-%x", first.getValue(), second.getValue(), size);
    }
  }

  private void read(Path file, FrameSink out) throws InterruptedException {
    try (var reader = CaptureFileReader.open(file)) {
      out.begin(new CaptureInput(hostOf(file), epochOf(file), true, settings));
      read(reader, out);
      out.end();
      if (reader.problem() != null) {
        problem(reader.problem());
      }
    } catch (IOException e) {
      problem(e.getMessage());
    }
  }

  private void read(CaptureFileReader reader, FrameSink out) throws InterruptedException {
    FrameBytes bytes = (target, offset, length) ->
        System.arraycopy(reader.frame(), reader.offset(), target, offset, length);
    long begun = System.nanoTime();
    long firstTime = 0;
    while (!stopped && reader.next()) {
      firstTime = reader.packets() == 1 ? reader.timeMicros() : firstTime;
      if (pace == Pace.ORIGINAL) {
        keepPace(out, begun, reader.timeMicros() - firstTime);
      }
      out.frame(
          reader.linkType(),
          reader.capturedLength(),
          reader.wireLength(),
          reader.timeMicros(),
          bytes);
    }
  }

  /** Waits until as much time has gone by as lay between the first packet and this one. */
  private void keepPace(FrameSink out, long begun, long offsetMicros) throws InterruptedException {
    long early = TimeUnit.MICROSECONDS.toNanos(offsetMicros) - (System.nanoTime() - begun);
    if (early > 0) {
      out.flush();
    }
    while (early > 0 && !stopped) {
      TimeUnit.NANOSECONDS.sleep(Math.min(early, TimeUnit.MILLISECONDS.toNanos(MAX_PAUSE_MILLIS)));
      early = TimeUnit.MICROSECONDS.toNanos(offsetMicros) - (System.nanoTime() - begun);
    }
  }

  private synchronized void problem(String text) {
    problems.add(text);
  }
}
