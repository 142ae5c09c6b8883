package io.sidewire.capture.keylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.LlmUsage;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.RpcCall;
import io.sidewire.wire.flow.FlowView;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** HTTP/2 of real programs in clear text: streams side by side, one of them cancelled. */
class Http2CapturesTest {
  private final List<Observation> seen = new ArrayList<>();

  @Test
  void clearTextWithPriorKnowledge() throws IOException {
    read(Path.of("../testdata/h2c/h2c.pcap"));
    assertThat(of(Request.class))
        .filteredOn(request -> request.protocol().equals("http/2"))
        .extracting(Request::target)
        .containsExactlyInAnyOrder(
            "/mcp",
            "/mcp",
            "/v1/chat/completions",
            "/v1/chat/completions",
            "/v1/chat/completions",
            "/v1/chat/completions",
            "/slow",
            "/nothing");
    assertThat(of(LlmUsage.class))
        .extracting(usage -> usage.model() + " " + usage.inputTokens() + "+" + usage.outputTokens())
        .containsExactlyInAnyOrder(
            "gpt-4o-mini 11+5", "gpt-4o-mini 11+5", "gpt-4o-mini 9+2", "gpt-4o-mini 9+2");
    assertThat(of(RpcCall.class))
        .extracting(RpcCall::method)
        .containsExactlyInAnyOrder("initialize", "tools/call");
    assertThat(of(ResponseEnd.class))
        .filteredOn(end -> end.outcome() == Outcome.RESET)
        .as("the cancelled one, and the Upgrade that was refused")
        .hasSize(2);
    assertThat(of(ResponseEnd.class))
        .filteredOn(ResponseEnd::streamed)
        .extracting(ResponseEnd::chunks)
        .containsExactly(7, 7);
    assertThat(of(Odd.class))
        .extracting(Odd::kind)
        .as("the server's answer to the Upgrade is no HTTP/1.1")
        .containsExactly(Anomaly.HTTP_RESPONSE_LOST);
  }

  private <T> List<T> of(Class<T> kind) {
    return seen.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void read(Path file) throws IOException {
    new Listener().read(file, Decryption.off());
  }

  private final class Listener extends WireReading {
    @Override
    public void observed(FlowView flow, Observation observation) {
      seen.add(observation);
    }
  }
}
