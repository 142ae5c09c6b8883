package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.ApiPath.Paths;
import io.sidewire.query.Views;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /api/v1/flow-types}. */
@Path(Paths.FLOW_TYPES)
@Produces(MediaType.APPLICATION_JSON)
public class FlowTypesResource {
  private final Gate gate;
  private final FlowTypes flowTypes;

  public FlowTypesResource(Gate gate, FlowTypes flowTypes) {
    this.gate = gate;
    this.flowTypes = flowTypes;
  }

  @GET
  @Operation(operationId = "flowTypes", summary = "The flow types that can be asked for")
  public Views.FlowTypesAnswer flowTypes(@Context UriInfo uri) {
    return gate.answer(
        ApiPath.FLOW_TYPES, uri, ask -> new Views.FlowTypesAnswer(flowTypes.views()));
  }
}
