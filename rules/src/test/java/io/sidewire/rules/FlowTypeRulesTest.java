package io.sidewire.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowTypeRulesTest {
  private final FlowTypeRules rules = FlowTypeRules.builtIn();

  private String type(Facts facts) {
    return rules.match(facts).type().name();
  }

  private static Facts tcp(int port) {
    return Facts.of("tcp", "192.0.2.7", port);
  }

  @ParameterizedTest
  @CsvSource({
    "myres.openai.azure.com, azure_openai",
    "MyRes.OpenAI.Azure.com:443, azure_openai",
    "gov.openai.azure.us., azure_openai",
    "proj.services.ai.azure.com, azure_openai",
    "llama.eastus2.models.ai.azure.com, azure_openai",
    "models.inference.ai.azure.com, azure_openai",
    "res.cognitiveservices.azure.com, azure_openai",
    "gate.azure-api.net, azure_openai",
    "api.openai.com, openai",
    "eu.api.openai.com, openai",
    "api.anthropic.com, anthropic",
    "generativelanguage.googleapis.com, google_ai",
    "europe-west1-aiplatform.googleapis.com, google_ai",
    "bedrock-runtime.eu-central-1.amazonaws.com, aws_bedrock",
    "api.mistral.ai, mistral",
    "openai.azure.com, other_tls",
    "xopenai.azure.com.evil.example, other_tls",
    "storage.googleapis.com, other_tls",
    "www.example.org, other_tls"
  })
  void knowsEndpointsByName(String host, String expected) {
    assertThat(type(tcp(443).withContent("tls").withNames(host))).isEqualTo(expected);
  }

  @Test
  void sharedAzureNamesAreSureOnlyWithAModelPath() {
    Facts facts = tcp(443).withNames("gate.azure-api.net");
    assertThat(rules.match(facts).settled()).isFalse();
    assertThat(rules
            .match(facts.withPath("/openai/deployments/gpt-4o/chat/completions"))
            .settled())
        .isTrue();
    assertThat(rules.match(facts.withContent("openai_api")).settled()).isTrue();
  }

  @Test
  void mcpShowsItselfOnAnyPort() {
    var match = rules.match(tcp(31337).withContent("http", "mcp").withPath("/rpc"));
    assertThat(match.type().name()).isEqualTo("mcp_server");
    assertThat(match.basis()).isEqualTo(Match.Basis.CONTENT);
    assertThat(match.settled()).isTrue();
  }

  @Test
  void port8000IsAHintForWhatShowsNothingElse() {
    assertThat(type(tcp(8000))).isEqualTo("mcp_server");
    assertThat(type(tcp(8000).withContent("http"))).isEqualTo("mcp_server");
    assertThat(type(tcp(8000).withContent("http").withPath("/mcp"))).isEqualTo("mcp_server");
    assertThat(type(tcp(8000).withContent("http").withPath("/index.html"))).isEqualTo("other_http");
    assertThat(type(tcp(8000).withContent("tls"))).isEqualTo("other_tls");
    assertThat(type(tcp(8001))).isEqualTo("other");
    assertThat(type(Facts.of("udp", "192.0.2.7", 8000))).isEqualTo("other");
    assertThat(rules.match(tcp(8000)).settled()).isFalse();
  }

  @Test
  void localModelServersShowThemselves() {
    assertThat(type(tcp(11434).withContent("http", "ollama_api"))).isEqualTo("ollama");
    assertThat(type(tcp(11434).withContent("http", "openai_api"))).isEqualTo("ollama");
    assertThat(type(tcp(11434))).isEqualTo("ollama");
    assertThat(type(tcp(9999).withContent("http", "ollama_api"))).isEqualTo("ollama");
    assertThat(type(tcp(1234).withContent("http", "openai_api"))).isEqualTo("openai_compatible");
    assertThat(type(tcp(1234).withContent("http", "anthropic_api"))).isEqualTo("openai_compatible");
  }

  @Test
  void theRestIsToldByProtocol() {
    Facts udp = Facts.of("udp", "192.0.2.7", 443);
    assertThat(type(udp.withContent("quic"))).isEqualTo("quic");
    assertThat(type(udp)).isEqualTo("quic");
    assertThat(type(Facts.of("udp", "192.0.2.7", 5000).withContent("dtls"))).isEqualTo("dtls");
    assertThat(type(Facts.of("udp", "192.0.2.7", 53))).isEqualTo("dns");
    assertThat(type(tcp(80).withContent("http").withPath("/"))).isEqualTo("other_http");
    assertThat(type(tcp(443).withContent("tls"))).isEqualTo("other_tls");
    assertThat(type(Facts.of("icmp", "192.0.2.7", -1))).isEqualTo("other");
  }

  @Test
  void aTlsFlowStaysOpenUntilItsNameIsKnown() {
    assertThat(rules.match(tcp(443).withContent("tls")).settled()).isFalse();
    assertThat(rules
            .match(tcp(443).withContent("tls").withNames("www.example.org"))
            .settled())
        .isTrue();
  }

  @Test
  void agentNamesMayLeaveInClearOthersNot() {
    assertThat(rules.isAgentName("x.openai.azure.com")).isTrue();
    assertThat(rules.isAgentName("api.anthropic.com:443")).isTrue();
    assertThat(rules.isAgentName("www.example.org")).isFalse();
    assertThat(rules.isAgentName("")).isFalse();
    assertThat(rules.isAgentName(null)).isFalse();
  }

  @Test
  void modesNameTheirTypes() {
    assertThat(rules.typesOfMode("azure")).containsExactly("azure_openai");
    assertThat(rules.typesOfMode("mcp")).containsExactly("mcp_server");
    assertThat(rules.typesOfMode("llm")).contains("azure_openai", "ollama").doesNotContain("dns");
    assertThat(rules.typesOfMode("ALL")).contains("dns", "mcp_server", "non_ip", "malformed");
    assertThatThrownBy(() -> rules.typesOfMode("lmm")).hasMessageContaining("did you mean llm?");
  }

  @Test
  void everyTypeOfTheContractIsBuiltIn() {
    assertThat(rules.types())
        .extracting(FlowType::name)
        .contains(
            "azure_openai",
            "openai",
            "anthropic",
            "google_ai",
            "aws_bedrock",
            "mistral",
            "ollama",
            "openai_compatible",
            "mcp_server",
            "dns",
            "quic",
            "dtls",
            "other_tls",
            "other_http",
            "other",
            "non_ip",
            "malformed");
    assertThat(rules.type("azure_openai").icon()).isEqualTo("🧠");
    assertThat(rules.type("mcp_server").kind()).isEqualTo(FlowType.Kind.TOOL);
    assertThat(rules.type("no_such_type").name()).isEqualTo("other");
  }
}
