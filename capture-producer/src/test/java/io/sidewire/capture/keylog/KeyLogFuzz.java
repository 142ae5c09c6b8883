package io.sidewire.capture.keylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.EverySplit;
import io.sidewire.testkit.Frames;
import io.sidewire.testkit.FuzzTarget;
import java.util.List;

/** Key log lines: what is learned does not depend on where they are cut. */
final class KeyLogFuzz implements FuzzTarget {
  @Override
  public void run(byte[] input) {
    String whole = read(List.of(input));
    assertThat(read(EverySplit.every(input, 1))).isEqualTo(whole);
    assertThat(read(EverySplit.pieces(input, input.length / 3))).isEqualTo(whole);
  }

  private static String read(List<byte[]> pieces) {
    KeyLogStore store = new KeyLogStore();
    KeyLogLines lines = new KeyLogLines(store);
    for (byte[] piece : pieces) {
      lines.onBytes(piece, 0, piece.length);
    }
    lines.onEnd();
    return store.connections() + " " + store.unreadableLines() + " " + store.version();
  }

  @Override
  public List<byte[]> seeds() {
    String random = "00".repeat(31) + "aB";
    return List.of(
        Frames.ascii("# comment\r\nCLIENT_RANDOM " + random + " " + "1f".repeat(48) + "\n"
            + "SERVER_TRAFFIC_SECRET_0 " + random + " " + "2e".repeat(32) + " \n"
            + "EXPORTER_SECRET " + random + " 00\nnonsense\n"
            + "CLIENT_TRAFFIC_SECRET_0 " + random + " " + "3d".repeat(48)));
  }
}
