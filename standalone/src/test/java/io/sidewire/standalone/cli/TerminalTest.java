package io.sidewire.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  private static Terminal of(Map<String, String> environment) {
    return new Terminal(
        OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), environment);
  }

  @Test
  void followsTheSizeThatItIsTold() {
    var terminal = of(Map.of("SIDEWIRE_TTY", "or", "COLUMNS", "80", "LINES", "24"));
    terminal.resizeTo("50 200\n");
    assertThat(terminal.width()).isEqualTo(200);
    assertThat(terminal.height()).isEqualTo(50);
  }

  @Test
  void keepsItsSizeWhereNoneIsTold() {
    var terminal = of(Map.of("SIDEWIRE_TTY", "or", "COLUMNS", "80", "LINES", "24"));
    terminal.resizeTo("");
    terminal.resizeTo("stty: what");
    assertThat(terminal.width()).isEqualTo(80);
    assertThat(terminal.height()).isEqualTo(24);
  }

  @Test
  void whatIsPipedHasNoBoundsAndNoColour() {
    var piped = of(Map.of("COLUMNS", "80", "LINES", "24"));
    piped.resize();
    assertThat(piped.width()).isEqualTo(Integer.MAX_VALUE);
    assertThat(piped.paint("31", "red")).isEqualTo("red");
  }
}
