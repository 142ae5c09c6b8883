package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.Problem;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What no other resource of the API answers. */
@Path(ApiPath.Paths.ROOT)
public class UnknownResource {

  @GET
  @Path("{other:.*}")
  @Operation(hidden = true)
  public void unknown() {
    throw Problem.of(
        404,
        "Not found",
        "no such path; there are "
            + Arrays.stream(ApiPath.values()).map(ApiPath::path).collect(Collectors.joining(", "))
            + "; described at /q/swagger-ui");
  }
}
