package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.ApiPath.Paths;
import io.sidewire.query.Hosts;
import io.sidewire.query.Views;
import io.sidewire.query.store.ReadModel;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /api/v1/hosts}. */
@Path(Paths.HOSTS)
@Produces(MediaType.APPLICATION_JSON)
public class HostsResource {
  private final Gate gate;
  private final ReadModel model;

  public HostsResource(Gate gate, ReadModel model) {
    this.gate = gate;
    this.model = model;
  }

  @GET
  @Operation(
      operationId = "hosts",
      summary = "Capture hosts that reported in the span: counters, settings, losses, alerts")
  public Views.HostsAnswer hosts(@Context UriInfo uri) {
    return gate.answer(
        ApiPath.HOSTS, uri, ask -> Hosts.of(model, ask.span(), ask.filter(List::of)));
  }
}
