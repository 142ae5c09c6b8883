package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.Problem;
import io.sidewire.query.store.NotReadyException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every failure into a problem document; what is inside of us is logged and not told. */
@Path(ApiPath.Paths.ROOT)
public class ApiErrors {
  private static final Logger LOG = Logger.getLogger(ApiErrors.class);
  private static final int RETRY_SECONDS = 2;

  /** What no other resource answers. */
  @GET
  @Path("{other:.*}")
  @Operation(hidden = true)
  public Response unknown() {
    throw Problem.of(
        404,
        "Not found",
        "no such path; there are "
            + Arrays.stream(ApiPath.values()).map(ApiPath::path).collect(Collectors.joining(", "))
            + "; described at /q/swagger-ui");
  }

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
    return problem(Problem.of(503, "Not ready", "this replica is not whole yet: " + e.getMessage()));
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
