package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CaptureCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void eachSettingIsAFlag() {
    CaptureCommand command =
        parse("--interface", "eth0", "--include-self", "-K", "acks=1").command();
    assertThat(command.config().get(CaptureConfig.INTERFACE)).isEqualTo("eth0");
    assertThat(command.config().get(CaptureConfig.INCLUDE_SELF)).isTrue();
    assertThat(command.config().kafka()).isEqualTo(Map.of("acks", "1"));
    assertThat(command.files()).isEmpty();
  }

  @Test
  void aSwitchThatIsOnCanBeSwitchedOff() {
    assertThat(parse("--processes=false").command().config().get(CaptureConfig.PROCESSES))
        .isFalse();
  }

  @Test
  void filesStandAtTheEnd() {
    assertThat(parse("--names", "all", "a.pcap", "b.pcapng").command().files())
        .containsExactly(Path.of("a.pcap"), Path.of("b.pcapng"));
  }

  @Test
  void helpListsEverySettingWithItsDefault() {
    assertThat(parse("--help").exitCode()).isZero();
    assertThat(out.toString()).contains("Exit codes");
    for (ConfigKey<?> key : CaptureConfig.keys()) {
      assertThat(out.toString()).contains("--" + key.name());
    }
  }

  @Test
  void whatIsWrongIsSaidAndExitsWithTwo() {
    assertThat(parse("--interfac", "eth0")).isEqualTo(new CaptureCommand.Parsed(null, 2));
    assertThat(err.toString()).contains("--interfac").contains("--help");
    assertThat(parse("--mode", "azur")).isEqualTo(new CaptureCommand.Parsed(null, 2));
    assertThat(err.toString()).contains("did you mean azure?");
  }

  private CaptureCommand.Parsed parse(String... arguments) {
    return CaptureCommand.parse(
        arguments, Map.of(), new PrintWriter(out, true), new PrintWriter(err, true));
  }
}
