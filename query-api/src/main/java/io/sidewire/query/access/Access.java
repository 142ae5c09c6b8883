package io.sidewire.query.access;

import io.sidewire.query.Problem;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Decides of one request whether it is answered, by its method, its host name and its token. */
final class Access {
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
  private static final String HEALTH = "/q/health";

  /** What becomes of a request: answered, refused with a problem, or up to the issuer of its token. */
  record Verdict(Problem refusal, boolean askIssuer) {
    static final Verdict ANSWER = new Verdict(null, false);
    static final Verdict ASK_ISSUER = new Verdict(null, true);
  }

  private final Optional<Token> token;
  private final boolean issuer;
  private final Set<String> allowedHosts;

  /**
   * @param bind address that people reach this server at
   * @param issuer true where tokens of an OpenID Connect issuer are taken as well
   * @throws IllegalStateException where the address needs a token and none would be asked for
   */
  Access(String bind, Optional<Token> token, boolean issuer, Set<String> allowedHosts) {
    if (token.isEmpty() && !issuer && !LOOPBACK.contains(bind)) {
      throw new IllegalStateException(
          "binding to " + bind + " requires a token: put one into a file (openssl rand"
              + " -hex 32 > token) and name it by sidewire.api.token-file or SIDEWIRE_API_TOKEN_FILE, or set "
              + Token.ENVIRONMENT
              + "; or name an OpenID Connect issuer (quarkus.oidc.auth-server-url); or bind to"
              + " 127.0.0.1");
    }
    this.token = token;
    this.issuer = issuer;
    this.allowedHosts = allowedHosts;
  }

  /**
   * What becomes of a request.
   *
   * @param host of the request, without its port; null where it named none
   */
  Verdict of(String method, String path, String host, String authorization) {
    if (!METHODS.contains(method)) {
      return refuse(405, "Method not allowed", "everything here is read-only: use GET or HEAD");
    }
    if (isHealth(path)) {
      return Verdict.ANSWER;
    }
    if (token.isPresent() && token.get().matches(authorization)) {
      return Verdict.ANSWER;
    }
    if (issuer && Token.isBearer(authorization)) {
      return Verdict.ASK_ISSUER;
    }
    if (token.isPresent() || issuer) {
      return new Verdict(unauthorized(), false);
    }
    // Without a token a web page of anyone's could reach this by a name of its own that it lets
    // point here.
    return isLocal(host)
        ? Verdict.ANSWER
        : refuse(
            421,
            "Misdirected request",
            "without a token only requests to localhost, 127.0.0.1 or [::1] are answered; name further hosts in"
                + " sidewire.api.allowed-hosts");
  }

  /** True for what is answered without a token and however often: whether this server is well. */
  static boolean isHealth(String path) {
    return path.equals(HEALTH) || path.startsWith(HEALTH + "/");
  }

  /** What a request without a token that is taken gets. */
  static Problem unauthorized() {
    return Problem.of(
        401,
        "Token required",
        "send the token as Authorization: Bearer …, or as the password of Basic");
  }

  private static Verdict refuse(int status, String title, String detail) {
    return new Verdict(Problem.of(status, title, detail), false);
  }

  private boolean isLocal(String host) {
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(name) || allowedHosts.contains(name);
  }
}
