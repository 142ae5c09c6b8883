package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.ApiPath.Paths;
import io.sidewire.query.Summary;
import io.sidewire.query.Views;
import io.sidewire.query.store.ReadModel;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /api/v1/summary}. */
@Path(Paths.SUMMARY)
@Produces(MediaType.APPLICATION_JSON)
public class SummaryResource {
  private final Gate gate;
  private final ReadModel model;
  private final FlowTypes flowTypes;

  public SummaryResource(Gate gate, ReadModel model, FlowTypes flowTypes) {
    this.gate = gate;
    this.model = model;
    this.flowTypes = flowTypes;
  }

  @GET
  @Operation(
      operationId = "summary",
      summary = "Sums by flow type: volume, calls, errors, latency percentiles, coverage")
  public Views.SummaryAnswer summary(@Context UriInfo uri) {
    return gate.answer(
        ApiPath.SUMMARY, uri, ask -> Summary.of(model, ask.span(), ask.filter(flowTypes::names)));
  }
}
