package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.ApiPath.Paths;
import io.sidewire.query.Ask;
import io.sidewire.query.Filter;
import io.sidewire.query.Pages;
import io.sidewire.query.Views;
import io.sidewire.query.store.ReadModel;
import io.sidewire.schemas.FlowRecord;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /api/v1/flows}. */
@Path(Paths.FLOWS)
@Produces(MediaType.APPLICATION_JSON)
public class FlowsResource {
  private final Gate gate;
  private final ReadModel model;
  private final FlowTypes flowTypes;

  public FlowsResource(Gate gate, ReadModel model, FlowTypes flowTypes) {
    this.gate = gate;
    this.model = model;
    this.flowTypes = flowTypes;
  }

  @GET
  @Operation(
      operationId = "flows",
      summary = "Flows with a packet in the span, by their first packet, newest first")
  public Views.PageAnswer<FlowRecord> flows(@Context UriInfo uri) {
    return gate.answer(ApiPath.FLOWS, uri, this::page);
  }

  private Views.PageAnswer<FlowRecord> page(Ask ask) {
    Filter filter = ask.filter(flowTypes::names);
    return Pages.answer(
        model, ask.page(), filter, page -> model.flows(page, filter::test), Function.identity());
  }
}
