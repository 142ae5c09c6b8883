package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.ApiPath.Paths;
import io.sidewire.query.Ask;
import io.sidewire.query.Metric;
import io.sidewire.query.Param;
import io.sidewire.query.Series;
import io.sidewire.query.Views;
import io.sidewire.query.store.ReadModel;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /api/v1/series}. */
@Path(Paths.SERIES)
@Produces(MediaType.APPLICATION_JSON)
public class SeriesResource {
  private static final String DEFAULT_METRIC = "exchanges";

  private final Gate gate;
  private final ReadModel model;
  private final FlowTypes flowTypes;

  public SeriesResource(Gate gate, ReadModel model, FlowTypes flowTypes) {
    this.gate = gate;
    this.model = model;
    this.flowTypes = flowTypes;
  }

  @GET
  @Operation(
      operationId = "series",
      summary = "One figure over time, one line a group: a sum, or a percentile of merged sketches")
  public Views.SeriesAnswer series(@Context UriInfo uri) {
    return gate.answer(ApiPath.SERIES, uri, this::answer);
  }

  private Views.SeriesAnswer answer(Ask ask) {
    Metric metric = Metric.of(ask.word(Param.METRIC, Metric.names(), DEFAULT_METRIC));
    String group = ask.word(Param.GROUP, Series.GROUPS, Series.GROUPS.get(0));
    return new Series(model, ask.filter(flowTypes::names), metric, group)
        .answer(ask.span(), ask.step());
  }
}
