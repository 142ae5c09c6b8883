package io.sidewire.query.rest;

import io.sidewire.query.ApiPath;
import io.sidewire.query.ApiPath.Paths;
import io.sidewire.query.Ask;
import io.sidewire.query.Filter;
import io.sidewire.query.Pages;
import io.sidewire.query.Problem;
import io.sidewire.query.Views;
import io.sidewire.query.store.ReadModel;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.Step;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /api/v1/interactions} and one of them by id, with its exchanges. */
@Path(Paths.INTERACTIONS)
@Produces(MediaType.APPLICATION_JSON)
public class InteractionsResource {
  private final Gate gate;
  private final ReadModel model;
  private final FlowTypes flowTypes;

  public InteractionsResource(Gate gate, ReadModel model, FlowTypes flowTypes) {
    this.gate = gate;
    this.model = model;
    this.flowTypes = flowTypes;
  }

  @GET
  @Operation(
      operationId = "interactions",
      summary = "Interactions that were under way in the span, newest first, with their steps")
  public Views.PageAnswer<Interaction> interactions(@Context UriInfo uri) {
    return gate.answer(ApiPath.INTERACTIONS, uri, this::page);
  }

  @GET
  @Path("{id}")
  @Operation(
      operationId = "interaction",
      summary = "One interaction with the exchanges of its steps: what a timeline needs")
  public Views.InteractionAnswer interaction(@PathParam("id") String id, @Context UriInfo uri) {
    return gate.answer(
        ApiPath.INTERACTION,
        uri,
        ask -> model
            .interaction(id)
            .map(this::withExchanges)
            .orElseThrow(() -> Problem.of(
                404,
                "No such interaction",
                "no interaction of this id is kept; it may be past retention")));
  }

  private Views.PageAnswer<Interaction> page(Ask ask) {
    Filter filter = ask.filter(flowTypes::names);
    return Pages.answer(
        model,
        ask.page(),
        filter,
        page -> model.interactions(
            page, one -> filter.test(one) && !(filter.ofAllHosts() && model.isAlsoSeen(one))),
        Function.identity());
  }

  private Views.InteractionAnswer withExchanges(Interaction interaction) {
    List<Views.ExchangeView> exchanges = new ArrayList<>();
    for (Step step : interaction.getSteps()) {
      model
          .exchange(step.getExchangeId())
          .ifPresent(exchange -> exchanges.add(
              Views.ExchangeView.of(model, exchange, interaction.getInteractionId())));
    }
    return new Views.InteractionAnswer(interaction, exchanges);
  }
}
