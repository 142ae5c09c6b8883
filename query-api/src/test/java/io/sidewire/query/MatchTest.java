package io.sidewire.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchTest {
  @ParameterizedTest
  @CsvSource({
    "demo, demo, true",
    "Demo, dEMO, true",
    "demo, demos, false",
    "*.openai.azure.com, x.openai.azure.com, true",
    "*.openai.azure.com, openai.azure.com, false",
    "tools/*, tools/call, true",
    "*a*b, xxaybzb, true",
    "*a*b, xxayc, false",
    "**, anything, true",
    "*, '', true",
  })
  void names(String pattern, String name, boolean matches) {
    assertThat(Match.anyOf(List.of(pattern)).test(name)).isEqualTo(matches);
  }

  @Test
  void noNameMatchesOnlyWhereAllDo() {
    assertThat(Match.ALL.test(null)).isTrue();
    assertThat(Match.anyOf(List.of("*")).test(null)).isFalse();
    assertThat(Match.anyOf(List.of("a", "b")).test("b")).isTrue();
  }

  @Test
  void manyStarsStayFast() {
    String pattern = "a*".repeat(40) + "b";
    assertThat(Match.anyOf(List.of(pattern)).test("a".repeat(5_000))).isFalse();
  }
}
