package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CaptureMainTest {
  private final StringWriter err = new StringWriter();

  @Test
  void aBrokerThatIsNotThereEndsTheServiceWithFour() {
    assertThat(run(Map.of("kafka", "127.0.0.1:1", "kafka-patience", "100ms"))).isEqualTo(4);
    assertThat(err.toString()).startsWith("sidewire-capture: Kafka at 127.0.0.1:1 does not answer");
  }

  @Test
  void aWrongKafkaSettingEndsItWithTwo() {
    assertThat(run(Map.of("kafka.security.protocol", "NONE"))).isEqualTo(2);
    assertThat(err.toString()).contains("security.protocol");
  }

  private int run(Map<String, String> settings) {
    var command = new CaptureCommand(CaptureConfig.of(settings), List.of(Path.of("none.pcap")));
    return CaptureMain.run(command, new PrintWriter(err, true));
  }
}
