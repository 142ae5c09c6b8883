package io.sidewire.query.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sidewire.query.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir
  Path folder;

  @Test
  void anotherAddressNeedsAToken() {
    assertThatIllegalStateException()
        .isThrownBy(() -> new Access("0.0.0.0", Optional.empty(), false, Set.of()))
        .withMessageContaining("sidewire.api.token-file")
        .withMessageContaining("SIDEWIRE_API_TOKEN")
        .withMessageContaining("127.0.0.1");
    assertThat(new Access("0.0.0.0", token(), false, Set.of())).isNotNull();
  }

  @Test
  void withATokenOnlyItAndHealthAreAnswered() {
    Access access = new Access("10.0.0.1", token(), false, Set.of());
    assertThat(refusal(access, "/", "any.host", null)).isEqualTo(401);
    assertThat(refusal(access, "/api/v1/summary", "localhost", null)).isEqualTo(401);
    assertThat(refusal(access, "/q/metrics", "x", "Bearer wrong")).isEqualTo(401);
    assertThat(refusal(access, "/q/metrics", "x", "Bearer")).isEqualTo(401);
    assertThat(refusal(access, "/q/metrics", "x", "Basic !!!")).isEqualTo(401);
    assertThat(refusal(access, "/q/metrics", "x", "Digest " + SECRET)).isEqualTo(401);
    assertThat(refusal(access, "/q/health/ready", "x", null)).isZero();
    assertThat(refusal(access, "/q/healthy", "x", null)).isEqualTo(401);
    assertThat(refusal(access, "/", "x", "Bearer " + SECRET)).isZero();
    assertThat(refusal(access, "/", "x", "bearer  " + SECRET)).isZero();
    String pair = "any:" + SECRET;
    String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    assertThat(refusal(access, "/", "x", "Basic " + basic)).isZero();
  }

  @Test
  void withoutATokenOnlyLocalNamesAreAnswered() {
    Access access = new Access("127.0.0.1", Optional.empty(), false, Set.of("query-api"));
    for (String host :
        new String[] {"localhost", "LOCALHOST", "127.0.0.1", "::1", "[::1]", "query-api"}) {
      assertThat(refusal(access, "/", host, null)).as(host).isZero();
    }
    for (String host :
        new String[] {"evil.example", "localhost.evil.example", "127.0.0.2", "", null}) {
      assertThat(refusal(access, "/", host, null)).as(host).isEqualTo(421);
    }
  }

  @Test
  void anIssuerIsAskedAboutBearersAlone() {
    Access access = new Access("0.0.0.0", Optional.empty(), true, Set.of());
    assertThat(access.of("GET", "/", "x", "Bearer a.b.c").askIssuer()).isTrue();
    assertThat(access.of("POST", "/", "x", "Bearer a.b.c").askIssuer()).isFalse();
    assertThat(access.of("GET", "/q/health", "x", "Bearer a.b.c").askIssuer()).isFalse();
    assertThat(refusal(access, "/", "localhost", null)).isEqualTo(401);
    assertThat(refusal(access, "/", "localhost", "Basic YTpi")).isEqualTo(401);
    Access both = new Access("0.0.0.0", token(), true, Set.of());
    assertThat(both.of("GET", "/", "x", "Bearer " + SECRET)).isEqualTo(Access.Verdict.ANSWER);
    assertThat(both.of("GET", "/", "x", "Bearer a.b.c").askIssuer()).isTrue();
  }

  @Test
  void onlyReading() {
    Access access = new Access("127.0.0.1", Optional.empty(), false, Set.of());
    for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"}) {
      assertThat(access.of(method, "/q/health", "localhost", null).refusal().status())
          .isEqualTo(405);
    }
    assertThat(access.of("HEAD", "/", "localhost", null)).isEqualTo(Access.Verdict.ANSWER);
  }

  @Test
  void tokensComeFromAFileOrTheEnvironment() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), SECRET + "\n");
    assertThat(Token.find(Optional.of(file), null).orElseThrow().matches("Bearer " + SECRET))
        .isTrue();
    assertThat(Token.find(Optional.empty(), " " + SECRET + "\n")
            .orElseThrow()
            .matches("Bearer " + SECRET))
        .isTrue();
    assertThat(Token.find(Optional.empty(), null)).isEmpty();
    assertThat(Token.find(Optional.empty(), " ")).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> Token.find(Optional.of(folder.resolve("none")), null))
        .withMessageContaining("none cannot be read")
        .withMessageContaining("token-file");
    assertThatIllegalStateException()
        .isThrownBy(() -> Token.find(Optional.empty(), "short"))
        .withMessageContaining("openssl rand")
        .withMessageNotContaining("short");
  }

  private static Optional<Token> token() {
    return Token.find(Optional.empty(), SECRET);
  }

  private static int refusal(Access access, String path, String host, String authorization) {
    Problem refusal = access.of("GET", path, host, authorization).refusal();
    return refusal == null ? 0 : refusal.status();
  }
}
