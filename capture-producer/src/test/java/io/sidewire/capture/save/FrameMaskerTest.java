package io.sidewire.capture.save;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.TcpScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Masked frames carry the masked stream, however its bytes came. */
class FrameMaskerTest {
  private static final int ETHERNET = 1;
  private static final int IP = 14;
  private static final int TCP = IP + 20;
  private static final String SECRET = "hunter2-hunter2";
  private static final String BODY =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"store\",\"arguments\":"
          + "{\"password\":\"" + SECRET + "\"}}}";
  private static final String POST = "POST /mcp HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
      + SECRET + "\r\nContent-Type: application/json\r\nContent-Length: " + BODY.length()
      + "\r\n\r\n" + BODY;

  @Test
  void anyCutsRepeatsAndOrderGiveTheSameMaskedStream() throws IOException {
    String plain = payload(masked(script(1400).client(POST).client(POST)));
    assertThat(plain)
        .hasSize(2 * POST.length())
        .contains("\"name\":\"store\"")
        .doesNotContain("hunter");
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      TcpScript script = script(1 + random.nextInt(40));
      int first = script.size();
      script.client(POST).client(POST);
      switch (seed % 3) {
        case 0 -> script.repeat(1 + random.nextInt(3));
        case 1 -> script.shuffle(first, random);
        default -> {}
      }
      List<SavedFrame> frames = masked(script);
      assertThat(payload(frames)).as("seed %d", seed).isEqualTo(plain);
      assertThat(frames).hasSize(script.size());
    }
  }

  @Test
  void frameByFrameNothingButThePayloadAndItsChecksumChanges() throws IOException {
    TcpScript script = script(30).client(POST).close();
    List<SavedFrame> frames = masked(script);
    for (int i = 0; i < frames.size(); i++) {
      byte[] before = script.frames().get(i);
      byte[] after = frames.get(i).bytes;
      assertThat(after).hasSameSizeAs(before);
      int headers = TCP + 4 * (before[TCP + 12] >> 4 & 15);
      for (int at = 0; at < headers; at++) {
        if (at != TCP + 16 && at != TCP + 17) {
          assertThat(after[at]).as("frame %d, byte %d", i, at).isEqualTo(before[at]);
        }
      }
      assertThat(wrongness(after)).as("checksum of frame %d", i).isEqualTo(wrongness(before));
    }
  }

  @Test
  void whatFollowsALossInABodyIsZero() throws IOException {
    TcpScript script = script(40).client(POST);
    int lost =
        script.size() - 2; // the last but one: its place is in the body, and so is all that follows
    var why = new ArrayList<ZeroedParts.Why>();
    String shown = payload(masked(script, Set.of(lost), why));
    int whole = (script.size() - 1 - 3) * 40;
    assertThat(shown.substring(whole - 40)).isNotEmpty().matches("\\x00+");
    assertThat(why).as("listed beside the file").containsOnly(ZeroedParts.Why.GAP);
  }

  @Test
  void noPieceOfASecretIsLeftWhateverIsLost() throws IOException {
    int shown = 0;
    for (int seed = 0; seed < 400; seed++) {
      var random = new Random(seed);
      TcpScript script = script(1 + random.nextInt(60));
      int first = script.size();
      script.client(POST).client(POST);
      var lost = new HashSet<Integer>();
      for (int i = 0; i <= random.nextInt(4); i++) {
        lost.add(first + random.nextInt(script.size() - first));
      }
      String plain = payload(masked(script, lost));
      for (int at = 0; at + 5 <= SECRET.length(); at++) {
        assertThat(plain).as("seed %d", seed).doesNotContain(SECRET.substring(at, at + 5));
      }
      shown += plain.contains("POST /mcp") ? 1 : 0;
    }
    assertThat(shown).as("runs that still show something").isGreaterThan(200);
  }

  private static TcpScript script(int mss) {
    return TcpScript.between("10.0.0.1", 40_000, "10.0.1.9", 8000).mss(mss).connect();
  }

  private static List<SavedFrame> masked(TcpScript script) throws IOException {
    return masked(script, Set.of());
  }

  private static List<SavedFrame> masked(TcpScript script, Set<Integer> lost) throws IOException {
    return masked(script, lost, new ArrayList<>());
  }

  private static List<SavedFrame> masked(
      TcpScript script, Set<Integer> lost, List<ZeroedParts.Why> zeroed) throws IOException {
    var out = new ArrayList<SavedFrame>();
    var masker = new FrameMasker(new Pseudonyms(new byte[32]), new FrameMasker.Out() {
      @Override
      public void frame(SavedFrame frame) {
        out.add(frame);
      }

      @Override
      public void zeroed(String flow, ZeroedParts.Why why) {
        zeroed.add(why);
      }
    });
    for (int i = 0; i < script.size(); i++) {
      TcpScript.Segment segment = script.segments().get(i);
      if (!lost.contains(i)) {
        masker.frame(
            new SavedFrame(
                ETHERNET, segment.frame().clone(), segment.wireLength(), segment.timeMicros()),
            0);
      }
    }
    masker.finish();
    return out;
  }

  /** The client's bytes in their order. */
  private static String payload(List<SavedFrame> frames) {
    var pieces = new TreeMap<Long, byte[]>();
    for (SavedFrame frame : frames) {
      byte[] bytes = frame.bytes;
      int from = TCP + 4 * (bytes[TCP + 12] >> 4 & 15);
      int end = IP + ((bytes[IP + 2] & 0xff) << 8 | bytes[IP + 3] & 0xff);
      boolean client = (bytes[TCP] & 0xff) << 8 == (40_000 & 0xff00);
      if (client && end > from) {
        long sequence = 0;
        for (int i = 4; i < 8; i++) {
          sequence = sequence << 8 | bytes[TCP + i] & 0xff;
        }
        pieces.put(sequence, java.util.Arrays.copyOfRange(bytes, from, end));
      }
    }
    var out = new StringBuilder();
    pieces.values().forEach(piece -> out.append(new String(piece, StandardCharsets.ISO_8859_1)));
    return out.toString();
  }

  /** The sum over the segment: as much off as it was, right or not. */
  private static int wrongness(byte[] frame) {
    int end = IP + ((frame[IP + 2] & 0xff) << 8 | frame[IP + 3] & 0xff);
    int sum = Checksum.sum(frame, TCP, end, TCP);
    return sum == 0xffff ? 0 : sum;
  }
}
