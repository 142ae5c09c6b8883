package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.ApiPath.Paths;
import io.sidewire.query.Ask;
import io.sidewire.query.Filter;
import io.sidewire.query.Pages;
import io.sidewire.query.Problem;
import io.sidewire.query.Views;
import io.sidewire.query.store.ReadModel;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /api/v1/exchanges} and one of them by id. */
@Path(Paths.EXCHANGES)
@Produces(MediaType.APPLICATION_JSON)
public class ExchangesResource {
  private final Gate gate;
  private final ReadModel model;
  private final FlowTypes flowTypes;

  public ExchangesResource(Gate gate, ReadModel model, FlowTypes flowTypes) {
    this.gate = gate;
    this.model = model;
    this.flowTypes = flowTypes;
  }

  @GET
  @Operation(operationId = "exchanges", summary = "Exchanges that began in the span, newest first")
  public Views.PageAnswer<Views.ExchangeView> exchanges(@Context UriInfo uri) {
    return gate.answer(ApiPath.EXCHANGES, uri, this::page);
  }

  @GET
  @Path("{id}")
  @Operation(operationId = "exchange", summary = "One exchange")
  public Views.ExchangeView exchange(@PathParam("id") String id, @Context UriInfo uri) {
    return gate.answer(
        ApiPath.EXCHANGE,
        uri,
        ask -> model
            .exchange(id)
            .map(exchange -> Views.ExchangeView.of(model, exchange, model.interactionOf(id)))
            .orElseThrow(() -> Problem.of(
                404,
                "No such exchange",
                "no exchange of this id is kept; it may be past retention")));
  }

  private Views.PageAnswer<Views.ExchangeView> page(Ask ask) {
    Filter filter = ask.filter(flowTypes::names);
    return Pages.answer(
        model,
        ask.page(),
        filter,
        page -> model.exchanges(
            page,
            exchange ->
                filter.test(exchange) && !(filter.ofAllHosts() && model.isAlsoSeen(exchange))),
        exchange ->
            Views.ExchangeView.of(model, exchange, model.interactionOf(exchange.getExchangeId())));
  }
}
