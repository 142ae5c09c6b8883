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

  private final Optional<Token> token;
  private final Set<String> allowedHosts;

  /**
   * @param bind address that people reach this server at
   * @throws IllegalStateException where that needs a token and there is none
   */
  Access(String bind, Optional<Token> token, Set<String> allowedHosts) {
    if (token.isEmpty() && !LOOPBACK.contains(bind)) {
      throw new IllegalStateException(
          "binding to " + bind + " requires a token: put one into a file (openssl rand"
              + " -hex 32 > token) and name it by sidewire.api.token-file or SIDEWIRE_API_TOKEN_FILE, or set "
              + Token.ENVIRONMENT + "; or bind to 127.0.0.1");
    }
    this.token = token;
    this.allowedHosts = allowedHosts;
  }

  /**
   * What to answer instead; empty: let it through.
   *
   * @param host of the request, without its port; null where it named none
   */
  Optional<Problem> refusal(String method, String path, String host, String authorization) {
    if (!METHODS.contains(method)) {
      return Optional.of(
          Problem.of(405, "Method not allowed", "everything here is read-only: use GET or HEAD"));
    }
    if (path.equals(HEALTH) || path.startsWith(HEALTH + "/")) {
      return Optional.empty();
    }
    if (token.isPresent()) {
      return token.get().matches(authorization)
          ? Optional.empty()
          : Optional.of(Problem.of(
              401,
              "Token required",
              "send the token as Authorization: Bearer …, or as the password of Basic"));
    }
    // Without a token a web page of anyone's could reach this by a name of its own that it lets
    // point here.
    return isLocal(host)
        ? Optional.empty()
        : Optional.of(Problem.of(
            421,
            "Misdirected request",
            "without a token only requests to localhost, 127.0.0.1 or [::1] are answered; name further hosts in"
                + " sidewire.api.allowed-hosts"));
  }

  private boolean isLocal(String host) {
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(name) || allowedHosts.contains(name);
  }
}
