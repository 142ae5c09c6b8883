package io.sidewire.wire.websocket;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.StreamConsumer;
import io.sidewire.wire.http.FlowMemory;
import io.sidewire.wire.http.HttpHead;
import io.sidewire.wire.json.Field;
import io.sidewire.wire.json.JsonDocument;
import io.sidewire.wire.llm.LlmApi;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Both directions of a WebSocket connection. Where they speak OpenAI's Realtime protocol, or that of its Responses over a
 * WebSocket, each response is an exchange; everything else is volume.
 *
 * <pre>
 * client   response.create ─┐             ┌─ the next of those that wait
 * server                    response.created ─ response.*.delta … ─ response.done
 *                           └─ its id, which the events of one response share
 * </pre>
 *
 * <p>A response that the server begins by itself (it heard the end of a turn) has no request.
 */
public final class RealtimeConnection implements StreamConsumer {
  private static final String CREATE = "response.create";
  private static final String CREATED = "response.created";
  private static final String ERROR = "error";
  private static final Set<String> LAST =
      Set.of("response.done", "response.completed", "response.failed", "response.incomplete");

  private final Limits limits;
  private final ObservationSink sink;
  private final LongSupplier numbers;
  private final FlowMemory memory;
  private final String target;
  private final String host;
  private final MessageReader fromClient;
  private final MessageReader fromServer;
  private final Deque<RealtimeExchange> waiting = new ArrayDeque<>();
  private final Map<String, RealtimeExchange> active = new LinkedHashMap<>();
  private String model;
  private Outcome closing = Outcome.CAPTURE_ENDED;

  /** @param upgrade head of the request that became this connection; null where it was not seen */
  public RealtimeConnection(
      Limits limits,
      ObservationSink sink,
      LongSupplier numbers,
      FlowMemory memory,
      HttpHead upgrade) {
    this.limits = limits;
    this.sink = sink;
    this.numbers = numbers;
    this.memory = memory;
    this.target = upgrade == null ? null : upgrade.target();
    this.host = upgrade == null ? null : upgrade.authority();
    this.model = modelIn(target);
    this.fromClient = new MessageReader(limits, true, new Asking());
    this.fromServer = new MessageReader(limits, false, new Answering());
  }

  @Override
  public void onData(Side from, byte[] bytes, int offset, int length, long time, long sequence) {
    memory.shows("websocket", time);
    (from == Side.CLIENT ? fromClient : fromServer).data(bytes, offset, length, time);
    given(from, time);
  }

  @Override
  public void onGap(Side from, long missing, long time) {
    (from == Side.CLIENT ? fromClient : fromServer).gap(missing, time);
    given(from, time);
  }

  /** Where the server can no longer be read, no answer will be seen. */
  private void given(Side from, long time) {
    if (from == Side.SERVER && fromServer.lost()) {
      endAll(Outcome.GAP, time);
    }
  }

  @Override
  public void onEnd(Side from, boolean reset, long time) {
    closing = Outcome.RESET;
    if (reset || from == Side.SERVER) {
      endAll(Outcome.RESET, time);
    }
  }

  @Override
  public void onFlowEnd(long time) {
    endAll(closing, time);
  }

  private void endAll(Outcome outcome, long time) {
    List<RealtimeExchange> open = new ArrayList<>(active.values());
    open.addAll(waiting);
    active.clear();
    waiting.clear();
    open.forEach(exchange -> exchange.ended(outcome, time));
  }

  /** Room for one more; past the limit the oldest is given up. */
  private void makeRoom(long time) {
    if (waiting.size() + active.size() < limits.pipelined()) {
      return;
    }
    sink.observe(new Odd(time, -1, Anomaly.HTTP_PIPELINE_LIMIT));
    RealtimeExchange oldest = active.isEmpty()
        ? waiting.poll()
        : active.remove(active.keySet().iterator().next());
    oldest.ended(Outcome.GAP, time);
  }

  /** The {@code model} or {@code deployment} of the query, which OpenAI and Azure name there. */
  private static String modelIn(String target) {
    int query = target == null ? -1 : target.indexOf('?');
    if (query < 0) {
      return null;
    }
    for (String pair : target.substring(query + 1).split("&", 64)) {
      int is = pair.indexOf('=');
      String name = is < 0 ? pair : pair.substring(0, is);
      if (is + 1 < pair.length() && (name.equals("model") || name.equals("deployment"))) {
        return pair.substring(is + 1);
      }
    }
    return null;
  }

  private abstract class Handler implements MessageReader.Sink {
    @Override
    public void odd(long time, Anomaly kind) {
      sink.observe(new Odd(time, -1, kind));
    }

    void session(JsonDocument event, String type) {
      String named = type.startsWith("session.") ? event.text(Field.MODEL) : null;
      if (named != null) {
        model = named;
      }
    }
  }

  private final class Asking extends Handler {
    private boolean creates;
    private String asked;

    @Override
    public void document(JsonDocument event, long time) {
      String type = event.text(Field.TYPE);
      if (type != null) {
        creates = type.equals(CREATE);
        asked = event.text(Field.MODEL);
        session(event, type);
      }
    }

    @Override
    public void messageEnd(long start, long end, long bytes, boolean whole) {
      if (creates && !fromServer.lost()) {
        makeRoom(end);
        RealtimeExchange exchange = new RealtimeExchange(numbers.getAsLong(), sink);
        exchange.asked(start, end, bytes, whole, target, host, asked != null ? asked : model);
        memory.shows(LlmApi.REALTIME.content(), end);
        waiting.add(exchange);
      }
      creates = false;
    }
  }

  private final class Answering extends Handler {
    private RealtimeExchange exchange; // of the event that is read; null: of none

    @Override
    public void document(JsonDocument event, long time) {
      String type = event.text(Field.TYPE);
      if (type == null) {
        return;
      }
      session(event, type);
      exchange = belongs(event, type, time);
      if (exchange != null) {
        exchange.generated |= exchange.reader.document(event);
      }
    }

    private RealtimeExchange belongs(JsonDocument event, String type, long time) {
      if (type.equals(ERROR)) {
        RealtimeExchange refused = active.isEmpty() ? waiting.poll() : null;
        if (refused != null) {
          refused.over = true;
        }
        return refused;
      }
      String id = event.text(Field.RESPONSE_ID);
      if (!type.startsWith("response.")) {
        return null;
      }
      if (type.equals(CREATED)) {
        return begin(id == null ? "" : id, time);
      }
      // Events of the Responses API name no response while it goes on: there is one at a time.
      RealtimeExchange known = id != null
          ? active.get(id)
          : active.size() == 1 ? active.values().iterator().next() : null;
      if (known != null && LAST.contains(type)) {
        known.over = true;
        active.values().remove(known);
      }
      return known;
    }

    private RealtimeExchange begin(String id, long time) {
      RealtimeExchange next = waiting.poll();
      if (next == null) {
        makeRoom(time);
        next = new RealtimeExchange(numbers.getAsLong(), sink);
        memory.shows(LlmApi.REALTIME.content(), time);
      }
      RealtimeExchange before = active.put(id, next);
      if (before != null) {
        before.ended(Outcome.GAP, time);
      }
      return next;
    }

    @Override
    public void messageEnd(long start, long end, long bytes, boolean whole) {
      if (exchange != null) {
        exchange.event(start, end, bytes, whole);
        exchange = null;
      }
    }
  }
}
