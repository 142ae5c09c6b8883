package io.sidewire.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Units, tables and text of the terminal. */
class FormatsTest {

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "999,999 B",
    "1023,1.0 KB",
    "2150,2.1 KB",
    "10189,10 KB",
    "1048576,1.0 MB",
    "-5,-5 B"
  })
  void bytes(long bytes, String text) {
    assertThat(Units.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.0 ms",
    "25,25 µs",
    "99,99 µs",
    "100,0.1 ms",
    "412,0.4 ms",
    "333000,333 ms",
    "12345678,12.3 s",
    "303000000,5 min 3 s",
    "21600000000,6 h",
    "604800000000,7 d"
  })
  void micros(long micros, String text) {
    assertThat(Units.micros(micros)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "500ms,500",
    "5s,5000",
    "5,5000",
    "2m,120000",
    "1h,3600000",
    "1d,86400000",
    "1.5 s,1500"
  })
  void durations(String text, long millis) {
    assertThat(Units.duration(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"17,17", "64k,65536", "2GiB,2147483648", "1.5M,1572864"})
  void sizes(String text, long bytes) {
    assertThat(Units.size(text)).isEqualTo(bytes);
  }

  @Test
  void whatIsNoUnitSaysWhatWouldBe() {
    assertThatThrownBy(() -> Units.duration("soon")).hasMessageContaining("500ms");
    assertThatThrownBy(() -> Units.size("big")).hasMessageContaining("512M");
  }

  @Test
  void emojiTakeTwoColumnsAndTextIsCutBetweenThem() {
    assertThat(Text.columns("🧠 x")).isEqualTo(4);
    assertThat(Text.cut("🧠🧠🧠", 6)).isEqualTo("🧠🧠🧠");
    assertThat(Text.cut("🧠🧠🧠", 5)).isEqualTo("🧠🧠…");
    assertThat(Text.cut("🧠🧠🧠", 4)).isEqualTo("🧠…");
  }

  @Test
  void namesFromTheNetworkCannotSteerTheTerminal() {
    assertThat(Text.clean("a\u001b[2Jb\u009bc\u202ed"))
        .doesNotContain("\u001b", "\u009b", "\u202e");
    assertThat(Text.clean("store_memory")).isEqualTo("store_memory");
  }

  @Test
  void aPipeGetsNoColourAndNoWidth() {
    var terminal = new Terminal(
        new ByteArrayOutputStream(), new ByteArrayOutputStream(), Map.of("COLUMNS", "50"));
    assertThat(terminal.paint("31", "x")).isEqualTo("x");
    assertThat(terminal.width()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void aTerminalGetsColourUnlessItIsRefused() {
    var streams = new ByteArrayOutputStream();
    var colour = new Terminal(streams, streams, Map.of("SIDEWIRE_TTY", "o", "COLUMNS", "50"));
    assertThat(colour.paint("31", "x")).isEqualTo("\u001b[31mx\u001b[0m");
    assertThat(colour.width()).isEqualTo(50);
    var plain = new Terminal(streams, streams, Map.of("SIDEWIRE_TTY", "oe", "NO_COLOR", "1"));
    assertThat(plain.colour()).isFalse();
  }

  @Test
  void columnsAlign() {
    var out = new ByteArrayOutputStream();
    var terminal = new Terminal(out, out, Map.of());
    new Table("NAME", ">BYTES", "WHAT")
        .row("🧠 a", 5, "x")
        .row("bcd", 1234, null)
        .print(terminal);
    terminal.out().flush();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("NAME  BYTES  WHAT\n🧠 a      5  x\nbcd    1234  –\n");
  }

  @Test
  void aNarrowTerminalCutsTextsAndLeavesOutWholeColumns() {
    var out = new ByteArrayOutputStream();
    var terminal = new Terminal(
        out, out, Map.of("SIDEWIRE_TTY", "o", "COLUMNS", "40", "LINES", "30", "NO_COLOR", "1"));
    assertThat(terminal.height()).isEqualTo(30);
    new Table("OPERATION", ">CALLS", ">MEAN", ">LONGEST")
        .row("tools/call store_memory @ 127.0.0.1:41477", 4, "80 ms", "110 ms")
        .print(terminal);
    new Table(">AAAAAAAAAAAAAAAAAAA", ">BBBBBBBBBBBBBB", ">CCCCCC")
        .row(1, 2, "185 ms")
        .print(terminal);
    terminal.out().flush();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
            OPERATION          CALLS   MEAN  LONGEST
            tools/call store…      4  80 ms   110 ms
            AAAAAAAAAAAAAAAAAAA  BBBBBBBBBBBBBB
                              1               2
            """);
  }
}
