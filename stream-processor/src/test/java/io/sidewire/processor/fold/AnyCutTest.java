package io.sidewire.processor.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.processor.Capture;
import io.sidewire.processor.Flow;
import io.sidewire.processor.Seen;
import io.sidewire.schemas.Exchange;
import io.sidewire.schemas.FlowInfo;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.Interaction;
import io.sidewire.schemas.LlmUsage;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.Tick;
import io.sidewire.schemas.TrafficWindow;
import io.sidewire.schemas.Volume;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * The same traffic in other batches gives the same rows, and every packet is counted once.
 *
 * <p>Cuts are anywhere within a flow; between two ticks the batches of different flows come in any order.
 */
class AnyCutTest {

  /** One moment of a flow: what was seen, and the flow as it was described from then on. */
  private record Moment(long time, String flow, FlowInfo info, Volume volume, List<Object> seen) {}

  /** Traffic that was made up, in order of time. */
  private final class Traffic {
    private final List<Moment> moments = new ArrayList<>();
    private final Random random;

    Traffic(long seed) {
      random = new Random(seed);
      for (int agent = 0; agent < 2; agent++) {
        legacy("10.0.0." + (agent + 1), "l" + agent, "S" + agent);
        streamable("10.0.0." + (agent + 1), "m" + agent);
        sealed("10.0.0." + (agent + 1), "z" + agent);
        local("10.0.0." + (agent + 1), "o" + agent);
      }
      for (int i = 0; i < 6; i++) {
        Flow empty = Flow.tcp("e" + i)
            .from("10.0.0." + (i % 2 + 1), 100 + i)
            .to("10.0.0.99", random.nextBoolean() ? 7001 : 7003);
        long time = Capture.ZERO + random.nextInt(60_000_000);
        see(empty, time);
        see(empty, time + random.nextInt(5_000_000), Seen.flowEnd("closed"));
      }
      moments.sort(Comparator.comparingLong(Moment::time));
    }

    private void see(Flow flow, long time, Seen... seen) {
      FlowInfo info = flow.at(time);
      Volume volume = Flow.volume(1 + random.nextInt(3));
      List<Object> observations = new ArrayList<>();
      for (Seen each : seen) {
        observations.add(each.at(time));
      }
      moments.add(new Moment(time, info.getFlowId(), info, volume, observations));
    }

    private long start() {
      return Capture.ZERO + random.nextInt(40_000_000);
    }

    private void legacy(String client, String id, String session) {
      Flow stream = Flow.tcp(id + "s").from(client, 40001).to("10.0.0.99", 7001);
      Flow posts = Flow.tcp(id + "p").from(client, 40002).to("10.0.0.99", 7001);
      long time = start();
      see(stream, time);
      stream.shows("http");
      see(stream, time + 1000, Seen.get(0, "/sse"));
      stream.shows("mcp");
      see(stream, time + 2000, Seen.head(0, 200, "text/event-stream"), Seen.session(0, session));
      see(posts, time + 2500);
      posts.shows("http", "mcp");
      for (int i = 0; i < 6; i++) {
        time += 10_000 + random.nextInt(3_000_000);
        long answer = time + 3000 + random.nextInt(2_000_000);
        see(
            posts,
            time,
            Seen.legacyPost(i, session, 1, 0, 0),
            Seen.call(i, 0, (long) i, i == 0 ? "initialize" : "tools/call", "tool" + i)
                .with(RpcCall.class, call -> call.setSessionHash(session)));
        see(posts, time + 1500, Seen.head(i, 202, null), Seen.end(i));
        if (random.nextInt(5) > 0) {
          see(stream, answer, Seen.result(0, i, (long) i));
        }
        time = answer;
      }
      see(posts, time + 5000, Seen.flowEnd("closed"));
    }

    private void streamable(String client, String id) {
      Flow flow = Flow.tcp(id).from(client, 40003).to("10.0.0.99", 7002).shows("http");
      long time = start();
      see(flow, time, Seen.get(0, "/health"));
      see(flow, time + 900, Seen.head(0, 404, null), Seen.end(0));
      flow.shows("mcp");
      for (int i = 1; i < 8; i++) {
        time += 10_000 + random.nextInt(4_000_000);
        see(flow, time, Seen.post(i, 2, 0, 0), Seen.call(i, 0, "a" + i, "tools/call", "x"));
        see(flow, time, Seen.call(i, 1, "b" + i, "tools/list", null));
        time += 1000 + random.nextInt(500_000);
        see(flow, time, Seen.head(i, 200, "text/event-stream"), Seen.result(i, 0, "b" + i));
        time += random.nextInt(500_000);
        see(flow, time, Seen.result(i, 1, "a" + i));
        see(flow, time + 10, Seen.end(i));
      }
    }

    private void sealed(String client, String id) {
      Flow flow = Flow.tcp(id).from(client, 40004).to("20.0.0.1", 443);
      long time = start();
      see(flow, time);
      flow.shows("tls").named("x.openai.azure.com");
      see(flow, time + 100, Seen.hello("x.openai.azure.com", null));
      for (int i = 0; i < 5; i++) {
        time += 10_000 + random.nextInt(6_000_000);
        see(flow, time, Seen.sealed(i));
        time += random.nextInt(2_000_000);
        see(flow, time, Seen.sealedHead(i));
        time += random.nextInt(2_000_000);
        see(flow, time, Seen.end(i));
      }
    }

    private void local(String client, String id) {
      Flow flow = Flow.tcp(id).from(client, 40005).to("10.0.0.77", 1234).shows("http");
      long time = start();
      for (int i = 0; i < 5; i++) {
        time += 10_000 + random.nextInt(3_000_000);
        see(flow, time, Seen.request(i, "POST", "/v1/chat/completions"));
        flow.shows("openai_api");
        see(flow, time, Seen.model(i, "chat_completions", "m"));
        time += random.nextInt(2_000_000);
        see(flow, time, Seen.head(i, 200, null), Seen.end(i));
        see(
            flow,
            time,
            Seen.usage(i, i, 2 * i, i % 2 == 0 ? "tool_calls" : "stop")
                .with(LlmUsage.class, u -> u.setToolCalls(List.of())));
      }
      see(flow, time + 1, Seen.get(9, "/slow").with(Request.class, r -> r.setRetryCount(1)));
    }
  }

  /** The rows at the end, without what only tells how often they were told. */
  private record Rows(
      Map<String, Exchange> exchanges,
      Map<String, Interaction> interactions,
      Map<String, FlowRecord> flows,
      List<TrafficWindow> traffic) {

    static Rows of(Scene scene) {
      var exchanges = new TreeMap<String, Exchange>();
      for (Exchange row : scene.exchanges()) {
        row.setRevision(0);
        exchanges.put(row.getExchangeId(), row);
      }
      var interactions = new TreeMap<String, Interaction>();
      for (Interaction row : scene.interactions()) {
        row.setRevision(0);
        interactions.put(row.getInteractionId(), row);
      }
      var flows = new TreeMap<String, FlowRecord>();
      scene.flows().forEach(row -> flows.put(row.getFlowId(), row));
      List<TrafficWindow> traffic = new ArrayList<>();
      for (TrafficWindow row : scene.traffic()) {
        boolean nothing = row.getPacketsToServer() + row.getPacketsToClient() == 0
            && row.getExchanges() == 0
            && row.getInFlightPeak() == 0
            && row.getFlows() == 0;
        if (!nothing) {
          traffic.add(row);
        }
      }
      traffic.sort(Comparator.comparing(TrafficWindow::toString));
      return new Rows(exchanges, interactions, flows, traffic);
    }
  }

  private Rows play(List<Moment> moments, Random random, int mostMoments, boolean shuffle) {
    var scene = new Scene();
    long[] sequence = {0};
    long tick = Capture.ZERO;
    int at = 0;
    while (at < moments.size()) {
      tick += 1_000_000;
      var byFlow = new LinkedHashMap<String, List<Moment>>();
      while (at < moments.size() && moments.get(at).time() < tick) {
        byFlow.computeIfAbsent(moments.get(at).flow(), k -> new ArrayList<>()).add(moments.get(at));
        at++;
      }
      List<List<Moment>> flows = new ArrayList<>(byFlow.values());
      if (shuffle) {
        Collections.shuffle(flows, random);
      }
      for (List<Moment> flow : flows) {
        for (int from = 0; from < flow.size(); ) {
          int to = Math.min(flow.size(), from + 1 + random.nextInt(mostMoments));
          scene.accept(batch(flow.subList(from, to), sequence[0]++));
          from = to;
        }
      }
      scene.accept(tick(tick, false, sequence[0]++));
    }
    scene.accept(tick(tick, true, sequence[0]++));
    return Rows.of(scene);
  }

  private static PacketBatch batch(List<Moment> moments, long sequence) {
    var volume = new Volume();
    List<Object> seen = new ArrayList<>();
    for (Moment moment : moments) {
      Volumes.add(volume, moment.volume(), 1);
      seen.addAll(moment.seen());
    }
    Moment last = moments.get(moments.size() - 1);
    PacketBatch batch = empty(moments.get(0).time(), last.time(), sequence);
    batch.setFlow(last.info());
    batch.setVolume(volume);
    batch.setObservations(seen);
    return batch;
  }

  private static PacketBatch tick(long time, boolean end, long sequence) {
    PacketBatch batch = empty(time, time, sequence);
    batch.setTick(new Tick(time, end, null, new HashMap<>()));
    return batch;
  }

  private static PacketBatch empty(long start, long end, long sequence) {
    var batch = new PacketBatch();
    batch.setHost("h1");
    batch.setEpoch("e1");
    batch.setShard(0);
    batch.setSequence(sequence);
    batch.setFile(true);
    batch.setStart(start);
    batch.setEnd(end);
    batch.setPackets(List.of());
    batch.setObservations(List.of());
    batch.setUnflowed(List.of());
    return batch;
  }

  @RepeatedTest(12)
  void theSameRowsWhateverTheBatches(RepetitionInfo repetition) {
    long seed = repetition.getCurrentRepetition();
    List<Moment> moments = new Traffic(seed).moments;
    Rows whole = play(moments, new Random(seed), 1, false);
    Rows coarse = play(moments, new Random(seed), 50, false);
    Rows anyOrder = play(moments, new Random(seed), 4, true);

    assertThat(coarse.exchanges()).isEqualTo(whole.exchanges());
    assertThat(anyOrder.exchanges()).isEqualTo(whole.exchanges());
    assertThat(coarse.interactions()).isEqualTo(whole.interactions());
    assertThat(anyOrder.interactions()).isEqualTo(whole.interactions());
    assertThat(coarse.flows()).isEqualTo(whole.flows());
    assertThat(anyOrder.flows()).isEqualTo(whole.flows());
    assertThat(coarse.traffic()).isEqualTo(whole.traffic());
    assertThat(anyOrder.traffic()).isEqualTo(whole.traffic());
    conserved(moments, whole);
    assertThat(whole.interactions()).isNotEmpty();
    assertThat(whole.exchanges()).hasSizeGreaterThan(60);
  }

  private static void conserved(List<Moment> moments, Rows rows) {
    long packets = 0;
    long bytes = 0;
    for (Moment moment : moments) {
      packets += Volumes.packets(moment.volume());
      bytes += moment.volume().getFrameBytesToServer() + moment.volume().getFrameBytesToClient();
    }
    assertThat(rows.traffic().stream()
            .mapToLong(row -> row.getPacketsToServer() + row.getPacketsToClient())
            .sum())
        .isEqualTo(packets);
    assertThat(rows.traffic().stream()
            .mapToLong(row -> row.getFrameBytesToServer() + row.getFrameBytesToClient())
            .sum())
        .isEqualTo(bytes);
    assertThat(rows.traffic().stream().mapToLong(TrafficWindow::getFlows).sum())
        .isEqualTo(rows.flows().size());
  }
}
