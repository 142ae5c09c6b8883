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
  void anIssuersTokenOnlyReads() {
    given()
        .header("Authorization", "Bearer " + LocalIssuer.token(LocalIssuer.AUDIENCE, 60))
        .post("/api/v1/flow-types")
        .then()
        .statusCode(405);
  }

  @Test
  void anotherAudienceIsNot() {
    ask("Bearer " + LocalIssuer.token("another-service", 60), 401);
  }

  @Test
  void anExpiredOneIsNot() {
    ask("Bearer " + LocalIssuer.token(LocalIssuer.AUDIENCE, -120), 401);
  }

  @Test
  void anotherIssuersIsNot() {
    String claims = LocalIssuer.claims("http://elsewhere.example", LocalIssuer.AUDIENCE, 60);
    ask("Bearer " + LocalIssuer.signed(claims, LocalIssuer.KEY), 401);
  }

  @Test
  void anotherKeysSignatureIsNot() {
    String claims = LocalIssuer.claims(LocalIssuer.url(), LocalIssuer.AUDIENCE, 60);
    ask("Bearer " + LocalIssuer.signed(claims, LocalIssuer.key()), 401);
  }

  @Test
  void aSignatureOfOtherClaimsIsNot() {
    String[] parts = LocalIssuer.token("another-service", 60).split("\\.");
    String claims = LocalIssuer.claims(LocalIssuer.url(), LocalIssuer.AUDIENCE, 60);
    ask("Bearer " + parts[0] + "." + LocalIssuer.base64(claims) + "." + parts[2], 401);
  }

  @Test
  void noSignatureIsNone() {
    String[] parts = LocalIssuer.token(LocalIssuer.AUDIENCE, 60).split("\\.");
    ask("Bearer " + LocalIssuer.base64("{\"alg\": \"none\"}") + "." + parts[1] + ".", 401);
    ask("Bearer " + parts[0] + "." + parts[1] + ".", 401);
  }

  @Test
  void thePublicKeyAsASharedSecretIsNone() {
    String claims = LocalIssuer.claims(LocalIssuer.url(), LocalIssuer.AUDIENCE, 60);
    ask("Bearer " + LocalIssuer.signedWithThePublicKey(claims), 401);
  }

  @Test
  void nothingElseIs() {
    ask("Bearer nonsense", 401);
    ask("Bearer a.b.c", 401);
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
    assertThatIllegalStateException()
        .isThrownBy(() -> new Issuer(Optional.of("https://issuer"), Optional.of("any"), null))
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
