package io.sidewire.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What's the weather in \"Köln\", please?  | What's the weather in \"Köln\", please?",
        "übersetze: 你好 (well-known)              | übersetze: 你好 (well-known)",
        "call +49 170 1234567 or me@example.com   | call … or …",
        "see https://corp.example/x?y now         | see … now",
        "open /home/anna/tax.pdf now              | open … now",
        "my password is swordfish                 | my password …",
        "MY API-KEY: swordfish                    | MY API-KEY: …",
        "Authorization: Bearer abcdefgh           | Authorization: …",
        "the (secret) swordfish                   | the (secret) …",
        "API_KEY: swordfish                       | …",
        "set DB_PASSWORD=x1 swordfish             | set …",
        "user/pass swordfish                      | …",
        "my PIN/code: swordfish                   | my …",
        "where is the key?                        | where is the key?",
        "a monkey eats                            | a monkey eats",
        "use sk-live-abcdef and go                | use … and go",
        "use qWeRtYuIoP and go                    | use … and go",
        "use deadbeefcafe and go                  | use … and go",
        "a b=c d:e f@g h                          | a … h",
        "Donaudampfschifffahrtsgesellschaft sinks | … sinks",
        "done ✅                                   | done ✅",
      })
  void plainWordsStay(String text, String shown) {
    assertThat(PreviewText.of(text, false)).isEqualTo(shown);
  }

  @Test
  void aWordThatIsNotWholeIsMasked() {
    assertThat(PreviewText.of("the animal is sword", true)).isEqualTo("the animal is …");
    assertThat(PreviewText.of("what is a key", true)).isEqualTo("what is a …");
    assertThat(PreviewText.of("word", true)).isEqualTo("…");
  }

  @Test
  void nothingThatATerminalObeys() {
    assertThat(PreviewText.of("a\u001b]0;owned\u0007b \u202egnp.exe\u2028c\nd\re\u0000", false))
        .isEqualTo("a … b … c d e");
    assertThat(PreviewText.of("", false)).isEmpty();
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(70); j > 0; j--) {
        text.append((char) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(0x10000)));
      }
      assertThat(PreviewText.of(text.toString(), random.nextBoolean()))
          .doesNotContainPattern("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{N}<>=]");
    }
  }
}
