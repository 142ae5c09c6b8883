package io.sidewire.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sidewire.standalone.cli.NetworkTable.Group;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkTableTest {
  private static final String NAMED = """
      {"host":"h","flowType":"azure_openai","transport":"tcp","serverName":"a.example","tunnel":null,
       "process":{"pid":7,"command":"node"},"packetsToServer":6,"packetsToClient":4,
       "frameBytesToServer":600,"frameBytesToClient":400,"retransmissions":1,"handshakeRttMicros":3000}""";
  private static final String NAMELESS = """
      {"host":"h","flowType":"other","transport":"udp","serverName":null,"process":null,
       "server":{"address":"10.0.0.9","port":53},"packetsToServer":1,"packetsToClient":1,
       "frameBytesToServer":80,"frameBytesToClient":120,"retransmissions":0,"handshakeRttMicros":null}""";
  private static final String INSIDE_A_TUNNEL = NAMED.replace("null", "\"inner\"");

  @Test
  void addsUpFlowsByWhatTheyShare() throws Exception {
    assertThat(rows(Group.PROTOCOL, NAMED, NAMED, NAMELESS))
        .containsExactly(
            "PROTOCOL  FLOWS  PACKETS    SENT  RECEIVED  RETRANS.    SHARE  RTT p50  RTT max",
            "tcp           2       20  1.2 KB     800 B         2  10.00 %   3.0 ms   3.0 ms",
            "udp           1        2    80 B     120 B         0   0.00 %        –        –");
    assertThat(first(Group.SERVER, NAMELESS)).startsWith("10.0.0.9:53 ");
    assertThat(first(Group.SERVER, NAMED)).startsWith("a.example ");
    assertThat(first(Group.PROCESS, NAMED)).startsWith("node ");
    assertThat(first(Group.PROCESS, NAMELESS)).startsWith("? ");
  }

  @Test
  void countsATunnelOnce() throws Exception {
    assertThat(rows(Group.HOST, INSIDE_A_TUNNEL))
        .containsExactly("No flow was there in that span.");
  }

  private static String first(Group group, String flow) throws Exception {
    return rows(group, flow)[1];
  }

  private static String[] rows(Group group, String... flows) throws Exception {
    var table = new NetworkTable(null, group);
    for (String flow : flows) {
      table.add(new ObjectMapper().readTree(flow));
    }
    var out = new ByteArrayOutputStream();
    table.print(new Terminal(out, out, Map.of()));
    return out.toString(StandardCharsets.UTF_8).strip().split("\n");
  }
}
