package io.sidewire.query.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tokens of a real issuer, on the whole application. */
@QuarkusTest
@QuarkusTestResource(value = LocalIssuer.class, restrictToAnnotatedClass = true)
class IssuerTest {
  @Test
  void itsTokenIsAnswered() {
    ask("Bearer " + LocalIssuer.token(LocalIssuer.AUDIENCE, 60), 200);
  }

  @Test
  void nothingElseIs() {
    ask("Bearer " + LocalIssuer.token("another-service", 60), 401);
    ask("Bearer " + LocalIssuer.token(LocalIssuer.AUDIENCE, -120), 401);
    ask(
        "Bearer "
            + LocalIssuer.token(
                "http://elsewhere.example", LocalIssuer.AUDIENCE, 60, LocalIssuer.key()),
        401);
    ask("Bearer " + LocalIssuer.token(null, LocalIssuer.AUDIENCE, 60, LocalIssuer.key()), 401);
    String good = LocalIssuer.token(LocalIssuer.AUDIENCE, 60);
    String claims = good.split("\\.")[1];
    ask("Bearer " + LocalIssuer.base64("{\"alg\": \"none\"}") + "." + claims + ".", 401);
    ask("Bearer nonsense", 401);
    ask("Basic YTpi", 401);
    given().get("/api/v1/flow-types").then().statusCode(401).body("title", is("Token required"));
  }

  @Test
  void healthNeedsNone() {
    given().get("/q/health/live").then().statusCode(200);
  }

  @Test
  void anIssuerWithoutAnAudienceIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> new Issuer(Optional.of("https://issuer"), Optional.empty(), null))
        .withMessageContaining("quarkus.oidc.token.audience");
  }

  private static void ask(String authorization, int status) {
    given()
        .header("Authorization", authorization)
        .get("/api/v1/flow-types")
        .then()
        .statusCode(status);
  }
}
