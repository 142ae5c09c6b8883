package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.TcpScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureFileSourceTest {
  @TempDir
  Path folder;

  private final Recorder recorder = new Recorder();

  @Test
  void eachFileIsAnInputOfItsOwn() throws Exception {
    Path a = write("a.pcap", 3);
    Path b = write("b.pcap", 2);
    source(Map.of(), a, b).run(recorder);
    assertThat(recorder.events)
        .containsExactly(
            "begin file:a.pcap",
            "frame",
            "frame",
            "frame",
            "end",
            "begin file:b.pcap",
            "frame",
            "frame",
            "end");
  }

  @Test
  void theEpochIsOfTheContentAndNotOfThePlace() throws IOException {
    Path a = write("a.pcap", 3);
    Path copy = Files.copy(a, folder.resolve("copy.pcap"));
    Path other = write("b.pcap", 2);
    assertThat(CaptureFileSource.epochOf(a))
        .isEqualTo(CaptureFileSource.epochOf(copy))
        .isNotEqualTo(CaptureFileSource.epochOf(other))
        .matches("[0-9a-f]{16}-[0-9a-f]+");
  }

  @Test
  void whatCannotBeReadIsToldAndTheRestIsRead() throws Exception {
    Path good = write("good.pcap", 2);
    byte[] whole = Files.readAllBytes(good);
    Path cut = Files.write(folder.resolve("cut.pcap"), Arrays.copyOf(whole, whole.length - 10));
    Path text = Files.writeString(folder.resolve("notes.txt"), "no capture at all, only text");
    CaptureFileSource source = source(Map.of(), folder.resolve("none.pcap"), text, cut, good);
    source.run(recorder);
    assertThat(recorder.events)
        .containsExactly(
            "begin file:cut.pcap", "frame", "end", "begin file:good.pcap", "frame", "frame", "end");
    assertThat(source.problems()).hasSize(3);
    assertThat(source.problems().get(0)).contains("none.pcap", "no such file");
    assertThat(source.problems().get(1)).contains("notes.txt");
    assertThat(source.problems().get(2)).contains("cut.pcap", "1 packet");
  }

  @Test
  void originalPaceKeepsTheTimesBetweenPackets() throws Exception {
    Path file = write("paced.pcap", 4); // 20 ms from one to the next
    long begun = System.nanoTime();
    source(Map.of("pace", "original"), file).run(recorder);
    assertThat((System.nanoTime() - begun) / 1_000_000).isGreaterThanOrEqualTo(60);
    assertThat(recorder.events).contains("flush");
  }

  @Test
  void stopEndsTheInputCleanly() throws Exception {
    Path file = write("a.pcap", 3);
    CaptureFileSource source = source(Map.of(), file);
    recorder.afterFrame = source::stop;
    source.run(recorder);
    assertThat(recorder.events).containsExactly("begin file:a.pcap", "frame", "end");
  }

  private static CaptureFileSource source(Map<String, String> settings, Path... files) {
    return new CaptureFileSource(CaptureConfig.of(settings), List.of(files));
  }

  private Path write(String name, int frames) throws IOException {
    TcpScript script = TcpScript.toPort(80).every(20_000);
    for (int i = 0; i < frames; i++) {
      script.ack(i % 2 == 0);
    }
    return Files.write(folder.resolve(name), TestCaptures.pcap(script));
  }

  /** Writes down what it is given. */
  private static final class Recorder implements PacketSource.FrameSink {
    final List<String> events = new ArrayList<>();
    Runnable afterFrame = () -> {};

    @Override
    public void begin(CaptureInput input) {
      events.add("begin " + input.host());
    }

    @Override
    public void frame(
        int linkType,
        int captured,
        int wireLength,
        long timeMicros,
        PacketSource.FrameBytes bytes) {
      byte[] copy = new byte[captured];
      bytes.copyTo(copy, 0, captured);
      events.add("frame");
      afterFrame.run();
    }

    @Override
    public void flush() {
      events.add("flush");
    }

    @Override
    public void end() {
      events.add("end");
    }
  }
}
