package io.sidewire.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathMaskTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/openai/deployments/gpt-4o/chat/completions",
        "/openai/deployments/text-embedding-3-small/embeddings",
        "/openai/deployments/my-team.gpt4_turbo-2024-04-09/chat/completions",
        "/openai/v1/responses",
        "/v1/chat/completions",
        "/v1/messages/count_tokens",
        "/v1beta/models/gemini-1.5-pro:streamGenerateContent",
        "/v1beta1/models/gemini-2.0-flash-001:generateContent",
        "/v1/models/claude-3-5-sonnet-20241022",
        "/model/anthropic.claude-3-5-sonnet-20240620-v1:0/converse-stream",
        "/v1/engines/text-davinci-003/completions",
        "/api/chat",
        "/api/generate",
        "/mcp",
        "/sse",
        "/messages/",
        "/.well-known/oauth-protected-resource",
        "/oauth2/token",
        "/api/v2.1/search_documents",
        "/chatCompletions",
        "/",
        "*"
      })
  void apiPathsStayWhole(String path) {
    assertThat(PathMask.path(path)).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "/users/bob/orders/77, /users/*/orders/*",
    "/v1/threads/thread_abc123def456/runs/run_9a8b7c, /v1/threads/*/runs/*",
    "/v1/files/file-Xy7zQ2wE9rT4, /v1/files/*",
    "/items/3f2504e0-4f89-11d3-9a0c-0305e82c3301, /items/*",
    "/c/deadbeefdeadbeef, /c/*",
    "/mail/alice@example.org, /mail/*",
    "/mail/alice%40example.org, /mail/*",
    "/reset/aGkLmQzXwTbVcRpY, /reset/*",
    "/f/aGkLmQzXwTbVcRpY, /f/*",
    "/f/QZXKWVJTBNRM, /f/*",
    "/f/qzxkwvjtbnrm, /f/*",
    "/x/CANARY-mcp-query-key-7711, /x/*",
    "/projects/acme-prod/locations/us-central1/publishers/google/models/gemini-pro:predict,"
        + " /projects/*/locations/us-central1/publishers/google/models/gemini-pro:predict",
    "/openai/deployments/sk-abcdefghijklmnop/chat/completions, /openai/deployments/*/chat/completions",
    "/openai/deployments/c4n4ry0azurekey7f3a9b21e8d04c56aa1d/chat, /openai/deployments/*/chat",
    "/model/arn:aws:bedrock:us-east-1:123456789012:inference-profile/invoke, /model/*/invoke",
    "/model/anthropic.claude-v2%3A1/invoke, /model/anthropic.claude-v2:1/invoke",
    "/~bob/notes, /*/notes",
    "/2024/10/21, /*/*/*",
    "/caf\u00e9/menu, /*/menu",
    "/a/this-is-a-very-long-segment-that-may-be-a-title-of-a-document/b, /a/*/b"
  })
  void whatMayTellOfSomeoneIsMasked(String path, String masked) {
    assertThat(PathMask.path(path)).isEqualTo(masked);
  }

  @ParameterizedTest
  @CsvSource({
    "/mcp?token=secret, /mcp",
    "/mcp#fragment, /mcp",
    "/page;jsessionid=SECRET/next?x=1, /page/next",
    "http://user:secret@host/api/chat?k=v, /api/chat",
    "http://host, /",
    "http://host?secret, /",
    "/redirect?to=http://x/y, /redirect"
  })
  void onlyThePathIsLeft(String target, String path) {
    assertThat(PathMask.path(target)).isEqualTo(path);
  }

  @Test
  void aTargetWithoutAPathHasNone() {
    assertThat(PathMask.path("host.example:443")).isNull();
    assertThat(PathMask.path("")).isNull();
    assertThat(PathMask.path(null)).isNull();
    assertThat(PathMask.path("?a=http://x/y")).isNull();
  }

  @Test
  void lengthAndDepthAreBounded() {
    assertThat(PathMask.path("/abc".repeat(10_000)).length())
        .isLessThanOrEqualTo(PathMask.MAX_LENGTH);
    assertThat(PathMask.path("/a".repeat(25))).isEqualTo("/a".repeat(24) + "/*");
    assertThat(PathMask.path("/a".repeat(24))).isEqualTo("/a".repeat(24));
  }

  @Test
  void theUnmaskedTargetIsWholeButHarmlessOnATerminal() {
    assertThat(PathMask.unmasked("/a?b=c\u001b[31m")).isEqualTo("/a?b=c_[31m");
    assertThat(PathMask.unmasked(null)).isNull();
  }
}
