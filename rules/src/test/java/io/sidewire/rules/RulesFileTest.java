package io.sidewire.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesFileTest {

  private static final String OWN = """
      types:
        house_llm: {title: House LLM, icon: "H", colour: "#112233", kind: model}
      rules:
        - type: house_llm
          hosts: ["llm*.corp.example"]
          cidrs: [10.1.0.0/16, "fd00::/8"]
        - {type: house_llm, processes: [vllm*], ports: 9000}
        - {type: house_llm, alpn: [house], transports: [TCP]}
      """;

  @Test
  void ownRulesComeBeforeTheDefaults() {
    var rules = FlowTypeRules.parse("own.yaml", OWN);
    var facts = Facts.of("tcp", "10.1.2.3", 443).withNames("llm-7.corp.example");
    assertThat(rules.match(facts).type().name()).isEqualTo("house_llm");
    assertThat(rules
            .match(Facts.of("tcp", "fd12::1", 443).withNames("llm7.corp.example"))
            .type())
        .isEqualTo(rules.type("house_llm"));
    assertThat(rules
            .match(Facts.of("tcp", "10.2.2.3", 443).withNames("llm-7.corp.example"))
            .type()
            .name())
        .isEqualTo("other");
    assertThat(rules
            .match(Facts.of("tcp", "10.2.2.3", 443).withNames("api.openai.com"))
            .type()
            .name())
        .isEqualTo("openai");
    assertThat(rules.isAgentName("llm-7.corp.example")).isTrue();
  }

  @Test
  void processesAndAlpnMatch() {
    var rules = FlowTypeRules.parse("own.yaml", OWN);
    var byProcess = new Facts(
        "tcp",
        "10.9.9.9",
        9000,
        java.util.List.of(),
        null,
        null,
        java.util.List.of("VLLM-server"),
        java.util.List.of());
    assertThat(rules.match(byProcess).type().name()).isEqualTo("house_llm");
    var byAlpn = new Facts(
        "tcp",
        "10.9.9.9",
        1,
        java.util.List.of(),
        null,
        "house",
        java.util.List.of(),
        java.util.List.of());
    assertThat(rules.match(byAlpn).type().name()).isEqualTo("house_llm");
  }

  @Test
  void theDefaultsCanBeLeftOut() {
    var rules = FlowTypeRules.parse(
        "own.yaml", "built-in: false\nrules:\n  - {type: mistral, ports: [1]}\n");
    assertThat(rules.match(Facts.of("tcp", "10.0.0.1", 1)).type().name()).isEqualTo("mistral");
    assertThat(rules
            .match(Facts.of("tcp", "10.0.0.1", 2).withNames("api.openai.com"))
            .type()
            .name())
        .isEqualTo("other");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      rules:\\n  - {type: opena, ports: [1]}                       | own.yaml, line 2: no type opena; did you mean openai?
      rules:\\n  - {type: openai,\\n     port: [1]}                | own.yaml, line 3: rule has no field port; did you mean ports?
      rules:\\n  - {type: openai, ports: [http]}                   | line 2: ports holds numbers, not http
      rules:\\n  - {type: openai, ports: [70000]}                  | line 2: ports: no port: 70000
      rules:\\n  - {type: openai, cidrs: [10.0.0.0/33]}            | prefix length out of range
      rules:\\n  - {type: openai, cidrs: [example.org]}            | no address: example.org
      rules:\\n  - {type: openai, confidence: 2}                   | confidence is a number from 0 to 1, not 2
      rules:\\n  - {type: openai, content: [mpc]}                  | no content mpc; did you mean mcp?
      rules:\\n  - {type: openai, unread: maybe}                   | unread is true or false, not maybe
      rules:\\n  - {type: openai, hosts: []}                       | hosts is empty
      rules:\\n  - {ports: [1]}                                    | line 2: a rule needs its type
      rules: 5                                                     | rules must be a list
      rule: []                                                     | rules file has no field rule; did you mean rules?
      types:\\n  Bad: {}                                           | lower case
      types:\\n  bad: {colour: red}                                | #rrggbb
      types:\\n  bad: {kind: modell}                               | no kind modell; did you mean model?
      rules: [                                                     | line 1: no valid YAML
      """)
  void errorsNameLineAndFix(String text, String message) {
    assertThatThrownBy(() -> FlowTypeRules.parse("own.yaml", text.replace("\\n", "\n")))
        .isInstanceOf(RulesException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFileIsReadAndAMissingOneIsNamed(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("rules.yaml");
    Files.writeString(file, OWN);
    assertThat(FlowTypeRules.load(file).type("house_llm").title()).isEqualTo("House LLM");
    assertThatThrownBy(() -> FlowTypeRules.load(folder.resolve("none.yaml")))
        .hasMessageContaining("none.yaml: cannot be read");
  }

  @Test
  void anEmptyFileIsTheDefaults() {
    assertThat(FlowTypeRules.parse("own.yaml", "").types())
        .isEqualTo(FlowTypeRules.builtIn().types());
  }
}
