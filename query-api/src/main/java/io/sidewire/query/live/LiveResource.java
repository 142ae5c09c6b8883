package io.sidewire.query.live;

import io.sidewire.query.ApiPath;
import io.sidewire.query.ApiPath.Paths;
import io.sidewire.query.Ask;
import io.sidewire.query.Filter;
import io.sidewire.query.Param;
import io.sidewire.query.Problem;
import io.sidewire.query.config.ApiConfig;
import io.sidewire.query.live.LiveEvent.Kind;
import io.sidewire.query.rest.FlowTypes;
import io.sidewire.query.rest.Gate;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /api/v1/live}: server-sent events. */
@Path(Paths.LIVE)
public class LiveResource {
  private static final List<String> KINDS =
      Arrays.stream(Kind.values()).map(Kind::name).toList();

  private static final long PATIENCE_MILLIS = 5_000;

  /** Sequences of another process mean nothing here; this tells them apart. */
  private final String streamId = Long.toHexString(ThreadLocalRandom.current().nextLong());

  private final LiveReader reader;
  private final FlowTypes flowTypes;
  private final ApiConfig config;

  public LiveResource(LiveReader reader, FlowTypes flowTypes, ApiConfig config) {
    this.reader = reader;
    this.flowTypes = flowTypes;
    this.config = config;
  }

  @GET
  @Blocking
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      operationId = "live",
      summary = "What appears, as it appears: events exchange, interaction, flow; upsert by id")
  public Multi<OutboundSseEvent> live(
      @Context UriInfo uri, @Context Sse sse, @HeaderParam("Last-Event-ID") String lastEventId) {
    Ask ask = Gate.ask(ApiPath.LIVE, uri);
    Set<Kind> kinds = ask.words(Param.KIND, KINDS, Set.of("exchange", "interaction")).stream()
        .map(Kind::valueOf)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class)));
    Filter filter = ask.filter(flowTypes::names);
    if (reader.feed().listeners() >= config.liveSubscribers()) {
      throw Problem.of(
          503,
          "Too many live streams",
          config.liveSubscribers()
              + " live streams are open already; close one, or raise sidewire.api.live-subscribers");
    }
    begin();
    return Multi.createFrom()
        .publisher(subscriber -> subscribe(subscriber, filter, kinds, sse, lastEventId));
  }

  private void subscribe(
      Flow.Subscriber<? super OutboundSseEvent> subscriber,
      Filter filter,
      Set<Kind> kinds,
      Sse sse,
      String lastEventId) {
    LiveFeed feed = reader.feed();
    var listener = new LiveSubscription[1];
    listener[0] = new LiveSubscription(
        filter,
        kinds,
        config.liveBacklog(),
        streamId,
        sse,
        subscriber,
        () -> feed.leave(listener[0]));
    subscriber.onSubscribe(listener[0]);
    listener[0].greet("{\"stream\":\"" + streamId + "\"}");
    feed.join(listener[0], sequence(lastEventId));
  }

  /** Whoever reads lists after the first event misses nothing: it is sent once the topics are being read. */
  private void begin() {
    try {
      if (!reader.wake(PATIENCE_MILLIS)) {
        throw Problem.of(503, "Not ready", "the topics cannot be read yet; try again in a moment");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.of(503, "Stopping", "this replica is stopping; ask another one");
    }
  }

  /** Sequence of the last event that a listener has; negative where that was another process or nothing. */
  private long sequence(String lastEventId) {
    if (lastEventId != null && lastEventId.matches("[0-9a-f]{1,16}-\\d{1,18}")) {
      int dash = lastEventId.indexOf('-');
      if (lastEventId.substring(0, dash).equals(streamId)) {
        return Long.parseLong(lastEventId.substring(dash + 1));
      }
    }
    return -1;
  }
}
