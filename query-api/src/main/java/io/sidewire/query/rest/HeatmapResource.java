package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.ApiPath.Paths;
import io.sidewire.query.Ask;
import io.sidewire.query.Heatmap;
import io.sidewire.query.Metric;
import io.sidewire.query.Param;
import io.sidewire.query.Views;
import io.sidewire.query.store.ReadModel;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /api/v1/heatmap}. */
@Path(Paths.HEATMAP)
@Produces(MediaType.APPLICATION_JSON)
public class HeatmapResource {
  private static final String DEFAULT_METRIC = "total";

  private final Gate gate;
  private final ReadModel model;
  private final FlowTypes flowTypes;

  public HeatmapResource(Gate gate, ReadModel model, FlowTypes flowTypes) {
    this.gate = gate;
    this.model = model;
    this.flowTypes = flowTypes;
  }

  @GET
  @Operation(
      operationId = "heatmap",
      summary = "How a latency or a size is spread over time: counts by step and by value."
          + " Metrics: total, ttfb, firstChunk, requestBytes, responseBytes")
  public Views.HeatmapAnswer heatmap(@Context UriInfo uri) {
    return gate.answer(ApiPath.HEATMAP, uri, this::answer);
  }

  private Views.HeatmapAnswer answer(Ask ask) {
    String name = ask.word(Param.METRIC, Metric.distributions(), DEFAULT_METRIC);
    return new Heatmap(model, ask.filter(flowTypes::names), name).answer(ask.span(), ask.step());
  }
}
