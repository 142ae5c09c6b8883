package io.sidewire.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidewire.rules.FlowTypeRules;
import io.sidewire.rules.RulesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRulesTest {
  @TempDir
  Path folder;

  private static String own(String type) {
    return "types:\n  " + type + ": {title: T, icon: C, colour: \"#112233\", kind: model}\n"
        + "rules:\n  - {type: " + type + ", hosts: [x.example]}\n";
  }

  @Test
  void aFileThatChangesIsReadAgainAndAWrongOneChangesNothing() throws IOException {
    Path file = folder.resolve("rules.yaml");
    Files.writeString(file, own("first"));
    try (var live = LiveRules.of(file)) {
      FlowTypeRules first = live.get();
      assertThat(first.type("first").name()).isEqualTo("first");
      live.look();
      assertThat(live.get()).isSameAs(first);

      Files.writeString(file, "rules: [nonsense");
      live.look();
      assertThat(live.get()).isSameAs(first);
      Files.delete(file);
      live.look();
      assertThat(live.get()).isSameAs(first);

      Files.writeString(file, own("second_type"));
      live.look();
      assertThat(live.get().type("second_type").name()).isEqualTo("second_type");
    }
  }

  @Test
  void aFileThatIsWrongAtTheStartIsRefused() throws IOException {
    Path file = folder.resolve("rules.yaml");
    Files.writeString(file, "rules: [nonsense");
    assertThatThrownBy(() -> LiveRules.of(file)).isInstanceOf(RulesException.class);
  }

  @Test
  void theBuiltInOnesStay() {
    assertThat(LiveRules.of(null).get().type("mcp_server").name()).isEqualTo("mcp_server");
  }
}
