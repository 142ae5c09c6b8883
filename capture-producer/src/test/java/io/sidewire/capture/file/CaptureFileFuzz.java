package io.sidewire.capture.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.CaptureFiles;
import io.sidewire.testkit.Frames;
import io.sidewire.testkit.FuzzTarget;
import io.sidewire.testkit.Links;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Capture files: read up to the damage or refused with a message, the same however the bytes come. */
final class CaptureFileFuzz implements FuzzTarget {
  private static final int MOST_PACKETS = 20_000;

  @Override
  public void run(byte[] input) throws IOException {
    List<String> whole = read(new ByteArrayInputStream(input));
    assertThat(read(new Crumbs(input))).isEqualTo(whole);
  }

  /** A stream that gives three bytes at most at a time. */
  private static final class Crumbs extends ByteArrayInputStream {
    Crumbs(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) {
      return super.read(to, offset, Math.min(length, 3));
    }
  }

  private static List<String> read(InputStream in) throws IOException {
    List<String> seen = new ArrayList<>();
    try (CaptureFileReader reader = CaptureFileReader.open(in, "file")) {
      while (seen.size() < MOST_PACKETS && reader.next()) {
        int from = reader.offset();
        int captured = reader.capturedLength();
        assertThat(captured).isNotNegative();
        assertThat(reader.wireLength()).isGreaterThanOrEqualTo(captured);
        assertThat(from).isBetween(0, reader.frame().length - captured);
        seen.add(reader.linkType() + " " + reader.interfaceIndex() + " " + reader.timeMicros() + " "
            + captured + " " + reader.wireLength() + " "
            + Arrays.hashCode(Arrays.copyOfRange(reader.frame(), from, from + captured)));
      }
      seen.add(reader.packets() + " " + reader.dropped() + " " + reader.problem());
      reader.secrets().forEach(s -> seen.add(s.type() + " " + Arrays.hashCode(s.bytes())));
    } catch (CaptureFormatException e) {
      seen.add("refused: " + e.getMessage());
    }
    return seen;
  }

  @Override
  public List<byte[]> seeds() {
    byte[] frame = Links.ethernet(Frames.udp("10.0.0.1", 5, "10.0.0.2", 6, Frames.ascii("hi")));
    List<byte[]> seeds = new ArrayList<>();
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      for (int magic : new int[] {0xa1b2c3d4, 0xa1b23c4d}) {
        seeds.add(CaptureFiles.pcap(order, magic, 65535, 1)
            .record(1, 5, frame, frame.length)
            .record(2, 6, Arrays.copyOf(frame, 30), frame.length)
            .bytes());
      }
      seeds.add(CaptureFiles.pcap(order, 0xa1b2cd34, 65535, 1)
          .modifiedRecord(1, 5, frame, frame.length)
          .bytes());
      CaptureFiles ng = CaptureFiles.pcapng(order);
      seeds.add(ng.section(order)
          .interfaceDescription(1, 0, ng.option(9, new byte[] {9}))
          .interfaceDescription(113, 96)
          .enhanced(0, 1_700_000_000_000_000_000L, frame, frame.length)
          .simple(frame, frame.length)
          .obsolete(0, 7, frame, frame.length)
          .secrets(CaptureFileReader.Secrets.TLS_KEY_LOG, Frames.ascii("# none\n"))
          .block(0x0bad, new byte[8])
          .section(order)
          .interfaceDescription(101, 0)
          .enhanced(0, 5, frame, frame.length)
          .bytes());
    }
    return seeds;
  }
}
