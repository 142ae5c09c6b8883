package io.sidewire.query.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.sidewire.query.Problem;
import io.sidewire.query.config.ApiConfig;
import io.sidewire.query.connections.Connections;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Stands before everything that the server answers: page, API, documents, metrics. */
@Singleton
public class AccessFilter {
  private static final int BEFORE_ALL_OTHERS = 10_000;

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  /** Swagger UI is not ours, and sets itself up inline. */
  private static final String SWAGGER = "/q/swagger-ui";

  private static final String SWAGGER_POLICY = POLICY
      .replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
      .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

  private static final Problem TOO_FAST = Problem.of(
      429,
      "Too many requests",
      "this address asks faster than sidewire.api.requests-per-second allows; try again in a second");

  private final Access access;
  private final ObjectMapper json;
  private final Connections connections;
  private final Issuer issuer;

  public AccessFilter(ApiConfig config, ObjectMapper json, Connections connections, Issuer issuer) {
    Optional<Token> token = Token.find(config.tokenFile(), System.getenv(Token.ENVIRONMENT));
    Set<String> allowed = config.allowedHosts().orElse(Set.of()).stream()
        .map(host -> host.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
    this.access = new Access(config.bind(), token, issuer.isNamed(), allowed);
    this.json = json;
    this.connections = connections;
    this.issuer = issuer;
  }

  /** Made at start, so that a bind that needs a token ends the start, not the first request. */
  void check(@Observes StartupEvent event) {}

  void register(@Observes Filters filters) {
    filters.register(this::handle, BEFORE_ALL_OTHERS);
  }

  private void handle(RoutingContext context) {
    connections.follow(context);
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    String path = context.normalizedPath();
    response
        .putHeader("Content-Security-Policy", path.startsWith(SWAGGER) ? SWAGGER_POLICY : POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin");
    if (!path.startsWith("/api/") && !path.startsWith("/q/")) {
      // Quarkus lets the files of a page be kept for a day: after an upgrade a browser would mix
      // old and new ones.
      response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    }
    if (!Access.isHealth(path) && !connections.takes(context)) {
      refuse(request, response.putHeader(HttpHeaders.RETRY_AFTER, "1"), TOO_FAST);
      return;
    }
    HostAndPort authority = request.authority();
    Access.Verdict verdict = access.of(
        request.method().name(),
        path,
        authority == null ? null : authority.host(),
        request.getHeader(HttpHeaders.AUTHORIZATION));
    if (verdict.refusal() != null) {
      refuse(request, response, verdict.refusal());
    } else if (verdict.askIssuer()) {
      askIssuer(context);
    } else {
      context.next();
    }
  }

  private void askIssuer(RoutingContext context) {
    HttpServerRequest request = context.request();
    request.pause();
    issuer.accepts(context, accepted -> {
      request.resume();
      if (accepted) {
        context.next();
      } else {
        refuse(request, context.response(), Access.unauthorized());
      }
    });
  }

  private void refuse(HttpServerRequest request, HttpServerResponse response, Problem problem) {
    response
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (problem.status() == 401) {
      response
          .headers()
          .add("WWW-Authenticate", "Bearer realm=\"Sidewire\"")
          .add("WWW-Authenticate", "Basic realm=\"Sidewire\"");
    } else if (problem.status() == 405) {
      response.putHeader("Allow", "GET, HEAD");
    }
    if (request.method() == HttpMethod.HEAD) {
      response.end();
      return;
    }
    try {
      response.end(json.writeValueAsString(problem.body()));
    } catch (JsonProcessingException e) {
      response.end();
    }
  }
}
