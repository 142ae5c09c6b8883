package io.sidewire.query.access;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An OpenID Connect issuer on loopback: discovery, its keys, and tokens signed with them. */
public class LocalIssuer implements QuarkusTestResourceLifecycleManager {
  static final String AUDIENCE = "sidewire";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  static final KeyPair KEY = key();
  private static String url;

  private HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    url = "http://127.0.0.1:" + server.getAddress().getPort();
    answer("/.well-known/openid-configuration", """
        {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "token_endpoint": "%1$s/token",
         "authorization_endpoint": "%1$s/authorize"}""".formatted(url));
    var key = (RSAPublicKey) KEY.getPublic();
    answer("/keys", """
        {"keys": [{"kty": "RSA", "kid": "k", "alg": "RS256", "use": "sig", "n": "%s", "e": "%s"}]}""".formatted(
            BASE64.encodeToString(unsigned(key.getModulus().toByteArray())),
            BASE64.encodeToString(key.getPublicExponent().toByteArray())));
    server.start();
    return Map.of("quarkus.oidc.auth-server-url", url, "quarkus.oidc.token.audience", AUDIENCE);
  }

  @Override
  public void stop() {
    server.stop(0);
  }

  static String url() {
    return url;
  }

  /** A good one, but for what the arguments say. */
  static String token(String audience, long secondsLeft) {
    return signed(claims(url, audience, secondsLeft), KEY);
  }

  static String claims(String issuer, String audience, long secondsLeft) {
    long now = System.currentTimeMillis() / 1000;
    return "{\"iss\": \"%s\", \"sub\": \"someone\", \"aud\": \"%s\", \"iat\": %d, \"exp\": %d}"
        .formatted(issuer, audience, now - 600, now + secondsLeft);
  }

  static String signed(String claims, KeyPair key) {
    String head = base64("{\"alg\": \"RS256\", \"kid\": \"k\", \"typ\": \"JWT\"}");
    String signed = head + "." + base64(claims);
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a checker takes that lets the token choose how it is checked. */
  static String signedWithThePublicKey(String claims) {
    String head = base64("{\"alg\": \"HS256\", \"kid\": \"k\", \"typ\": \"JWT\"}");
    String signed = head + "." + base64(claims);
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY.getPublic().getEncoded(), "HmacSHA256"));
      byte[] code = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + BASE64.encodeToString(code);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair key() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(String text) {
    return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void answer(String path, String json) {
    server.createContext(path, exchange -> {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    });
  }

  /** Without the sign's byte. */
  private static byte[] unsigned(byte[] number) {
    return number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
  }
}
