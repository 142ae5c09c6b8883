package io.sidewire.query.rest;

import io.sidewire.query.Problem;
import io.sidewire.query.store.NotReadyException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every failure into a problem document; what is inside of us is logged and not told. */
public class ApiErrors {
  private static final Logger LOG = Logger.getLogger(ApiErrors.class);
  private static final int RETRY_SECONDS = 2;

  @ServerExceptionMapper
  public Response problem(Problem problem) {
    Response.ResponseBuilder answer = Response.status(problem.status())
        .type(Problem.MEDIA_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(problem.body());
    if (problem.status() == Response.Status.SERVICE_UNAVAILABLE.getStatusCode()) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }
    return answer.build();
  }

  @ServerExceptionMapper
  public Response notReady(NotReadyException e) {
    return problem(
        Problem.of(503, "Not ready", "this replica is not whole yet: " + e.getMessage()));
  }

  @ServerExceptionMapper
  public Response storeGone(InvalidStateStoreException e) {
    return problem(Problem.of(503, "Not ready", "the stores are being opened; try again"));
  }

  @ServerExceptionMapper
  public Response web(WebApplicationException e) {
    int status = e.getResponse().getStatus();
    String title = e.getResponse().getStatusInfo().getReasonPhrase();
    return problem(Problem.of(status, title, "this cannot be answered: " + title));
  }

  @ServerExceptionMapper
  public Response any(RuntimeException e) {
    LOG.error("A query failed", e);
    return problem(Problem.of(500, "Internal error", "the query failed; the log says why"));
  }
}
