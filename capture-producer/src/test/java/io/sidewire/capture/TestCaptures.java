package io.sidewire.capture;

import io.sidewire.testkit.CaptureFiles;
import io.sidewire.testkit.Frames;
import io.sidewire.testkit.TcpScript;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Small capture files for tests of the pipeline. */
final class TestCaptures {
  static final int ETHERNET = 1;

  /** A frame at a time. */
  record Timed(long timeMicros, byte[] frame, int wireLength) {}

  private TestCaptures() {}

  /** A pcap file of connections, their frames in order of time. */
  static byte[] pcap(TcpScript... scripts) {
    return pcap(frames(scripts));
  }

  static byte[] pcap(List<Timed> frames) {
    var file = CaptureFiles.pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, 262144, ETHERNET);
    for (Timed timed : frames) {
      file.record(
          (int) (timed.timeMicros / 1_000_000),
          (int) (timed.timeMicros % 1_000_000),
          timed.frame,
          timed.wireLength);
    }
    return file.bytes();
  }

  static List<Timed> frames(TcpScript... scripts) {
    var out = new ArrayList<Timed>();
    for (TcpScript script : scripts) {
      script
          .segments()
          .forEach(segment ->
              out.add(new Timed(segment.timeMicros(), segment.frame(), segment.wireLength())));
    }
    out.sort(Comparator.comparingLong(Timed::timeMicros));
    return out;
  }

  /**
   * Plain HTTP of some clients over half a minute, with losses, repeats and frames that are no IP: a bit of everything
   * that a batch can be cut by.
   */
  static List<Timed> mixture(long seed) {
    var random = new Random(seed);
    var scripts = new ArrayList<TcpScript>();
    for (int i = 0; i < 12; i++) {
      TcpScript script = TcpScript.between("10.0.0." + (1 + i % 3), 40_000 + i, "10.0.1.9", 8080)
          .at(1_700_000_000_000_000L + random.nextInt(20_000_000))
          .every(500 + random.nextInt(20_000))
          .mss(400)
          .connect();
      for (int call = 0; call < 3; call++) {
        String body = "{\"n\":" + "7".repeat(random.nextInt(2_000)) + "}";
        script.client("POST /api/chat HTTP/1.1\r\nHost: models.example\r\nContent-Type: "
            + "application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        if (random.nextInt(3) == 0) {
          script.repeat();
        }
        script.pause(random.nextInt(4_000_000));
        script.server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        script.ack(true);
      }
      scripts.add(i % 4 == 3 ? script.rst(true) : script.close());
    }
    var frames = new ArrayList<>(frames(scripts.toArray(TcpScript[]::new)));
    for (int i = 0; i < 20; i++) {
      byte[] arp = new byte[60];
      arp[12] = 0x08;
      arp[13] = 0x06;
      frames.add(new Timed(1_700_000_000_000_000L + random.nextInt(30_000_000), arp, 60));
      byte[] broken = Frames.concat(new byte[12], new byte[] {8, 0, 0x45, 0});
      frames.add(new Timed(1_700_000_000_000_000L + random.nextInt(30_000_000), broken, 1514));
    }
    frames.sort(Comparator.comparingLong(Timed::timeMicros));
    return frames;
  }
}
