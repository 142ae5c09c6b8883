package io.sidewire.query.access;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The OpenID Connect issuer whose tokens are taken, by Quarkus' own settings; by default there is none.
 *
 * <p>Only the service has the extension; where Sidewire runs as one process, its user's token does.
 */
@Singleton
public class Issuer {
  static final String URL = "quarkus.oidc.auth-server-url";
  private static final String AUDIENCE = "quarkus.oidc.token.audience";

  /** What a token may be for so that Quarkus takes any. */
  private static final String ANY = "any";

  private final Instance<HttpAuthenticator> authenticator;
  private final boolean named;

  Issuer(
      @ConfigProperty(name = URL) Optional<String> url,
      @ConfigProperty(name = AUDIENCE) Optional<String> audience,
      Instance<HttpAuthenticator> authenticator) {
    this.authenticator = authenticator;
    this.named = url.isPresent();
    if (named && audience.filter(name -> !name.equals(ANY)).isEmpty()) {
      throw new IllegalStateException(URL + " needs " + AUDIENCE
          + ", which names this service: without it, a token that the issuer made for any other"
          + " service would do here");
    }
    if (named && !authenticator.isResolvable()) {
      throw new IllegalStateException(
          URL + " works in the service (query-api) only: here use sidewire.api.token-file");
    }
  }

  boolean isNamed() {
    return named;
  }

  /** Tells whether the token of a request is the issuer's, for this service, and still good. */
  void accepts(RoutingContext context, Consumer<Boolean> then) {
    authenticator
        .get()
        .attemptAuthentication(context)
        .subscribe()
        .with(identity -> then.accept(isSomeone(identity)), refused -> then.accept(false));
  }

  private static boolean isSomeone(SecurityIdentity identity) {
    return identity != null && !identity.isAnonymous();
  }
}
