package io.sidewire.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SanitizerTest {
  private static final List<String> HOSTILE = List.of(
      "",
      " ",
      "\0",
      "\u001b[2J\u001b[31mred",
      "<script>alert(1)</script>",
      "'; DROP TABLE x --",
      "\u202egpj.exe",
      "\uD800",
      "\uDC00x",
      "a\r\nSet-Cookie: x=y",
      "\uFFFD\uFFFD",
      "x".repeat(1 << 20),
      "\u0130\u0131\u212A",
      "~0123456789ab",
      "~",
      "*",
      "/",
      "//",
      "://",
      "[::1]:99999",
      "a@b@c:1",
      "Bearer sk-abcdefghijklmnopqrstuvwxyz0123456789",
      "%00%0a%zz",
      "\uD83D\uDE00".repeat(200),
      "e\u0301".repeat(300),
      "-1",
      "arn:aws:x:y:123456789012:z",
      "arn:",
      "file:///etc/passwd");

  /** Whatever comes from the wire: what leaves has the shape that the sanitizer promises, and is stable. */
  @ParameterizedTest
  @EnumSource(Sanitizer.class)
  void anyTextBecomesOneOfItsShapeOrNothing(Sanitizer sanitizer) {
    for (String text : texts(new Random(42))) {
      String clean = sanitizer.clean(text);
      assertThat(sanitizer.accepts(clean)).as("%s made %s", sanitizer, clean).isTrue();
      assertThat(sanitizer.clean(clean)).as("%s cleaned twice", sanitizer).isEqualTo(clean);
      if (clean != null) {
        assertThat(clean)
            .doesNotContainPattern("[\\p{Cntrl}<>\"'&]")
            .hasSizeLessThanOrEqualTo(1700);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Sanitizer.class)
  void absentStaysAbsent(Sanitizer sanitizer) {
    assertThat(sanitizer.clean(null)).isNull();
    assertThat(sanitizer.accepts(null)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "HOST_NAME, API.OpenAI.com., api.openai.com",
    "HOST_NAME, -evil.example, _evil.example",
    "AUTHORITY, bob:secret@Host.example:8080, host.example:8080",
    "AUTHORITY, '[2001:DB8::1]:443', '[2001:db8::1]:443'",
    "AUTHORITY, '[zz]:443', '_:443'",
    "HTTP_METHOD, POST, POST",
    "HTTP_METHOD, VERSION-CONTROL, VERSION-CONTROL",
    "HTTP_METHOD, get, _",
    "MEDIA_TYPE, Application/JSON; charset=utf-8, application/json",
    "MEDIA_TYPE, 'multipart/form-data; boundary=secret', multipart/form-data",
    "MEDIA_TYPE, no-slash, other",
    "NAME, search_customers, search_customers",
    "NAME, Visual Studio Code, Visual Studio Code",
    "NAME, <b>x</b>, _b_x_/b_",
    "RPC_TARGET, search_customers, search_customers",
    "RPC_TARGET, file:///home/bob/tax.pdf, file:*",
    "RPC_TARGET, customer://4711/notes, customer:*",
    "RPC_TARGET, 'data:text/plain,secret', data:*",
    "RPC_TARGET, ns:tool, ns:tool",
    "RPC_METHOD, tools/call, tools/call",
    "RPC_METHOD, notifications/progress, notifications/progress",
    "MODEL, gpt-4o-2024-08-06, gpt-4o-2024-08-06",
    "MODEL, meta-llama/Llama-3.3-70B-Instruct, meta-llama/Llama-3.3-70B-Instruct",
    "MODEL, arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-v2,"
        + " eu.anthropic.claude-v2",
    "MODEL, sk-proj-abcdefghijklmnop, other",
    "FINISH_REASON, tool_calls, tool_calls",
    "FINISH_REASON, the password is hunter2, other",
    "ERROR_CODE, Rate_Limit_Exceeded, rate_limit_exceeded",
    "ERROR_CODE, your key sk-123 is invalid, other",
    "PROCESS_NAME, /usr/bin/python3.11, python3.11",
    "PROCESS_NAME, /opt/x y/agent (deleted), agent",
    "ALPN, http/1.1, http/1.1",
    "VERSION, 2025-03-26, 2025-03-26"
  })
  void whatPassesAndWhatBecomesOfTheRest(Sanitizer sanitizer, String raw, String clean) {
    assertThat(sanitizer.clean(raw)).isEqualTo(clean);
  }

  @Test
  void namesOfOtherScriptsStay() {
    assertThat(Sanitizer.NAME.clean("суммировать_値")).isEqualTo("суммировать_値");
    assertThat(Sanitizer.NAME.clean("x".repeat(500))).hasSize(127);
  }

  private static List<String> texts(Random random) {
    var texts = new ArrayList<>(HOSTILE);
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder();
      int length = random.nextInt(80);
      int span = random.nextBoolean() ? 128 : 0x10FFFF;
      for (int j = 0; j < length; j++) {
        text.appendCodePoint(random.nextInt(span));
      }
      texts.add(text.toString());
    }
    return texts;
  }
}
