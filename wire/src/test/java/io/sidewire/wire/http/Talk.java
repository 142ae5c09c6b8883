package io.sidewire.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.testkit.EverySplit;
import io.sidewire.testkit.Frames;
import io.sidewire.wire.ExcerptSink;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.LlmRequest;
import io.sidewire.wire.Observation.LlmUsage;
import io.sidewire.wire.Observation.McpSession;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.ResponseStart;
import io.sidewire.wire.Observation.RpcCall;
import io.sidewire.wire.Observation.RpcResult;
import io.sidewire.wire.Side;
import io.sidewire.wire.flow.FlowAnalyzer;
import io.sidewire.wire.tls.decrypt.Decryption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A conversation on one connection, given to a {@link FlowAnalyzer}; what it saw, as short lines. Each step happens one
 * millisecond after the one before, whose number is its time.
 */
public final class Talk {
  private static final long START = 1_700_000_000_000_000L;

  private record Step(
      Side from, byte[] bytes, long lost, boolean unnoticed, boolean fin, boolean reset) {}

  private final List<Step> steps = new ArrayList<>();
  private Limits limits = Limits.DEFAULT;
  private int port = 80;
  private boolean acknowledging = true;

  public static Talk talk() {
    return new Talk();
  }

  public Talk limits(Limits limits) {
    this.limits = limits;
    return this;
  }

  public Talk port(int port) {
    this.port = port;
    return this;
  }

  /** The consumer is not told what the sides acknowledge. */
  public Talk withoutAcknowledgments() {
    acknowledging = false;
    return this;
  }

  public Talk client(String text) {
    return client(Frames.ascii(text));
  }

  public Talk client(byte[] bytes) {
    steps.add(new Step(Side.CLIENT, bytes, 0, false, false, false));
    return this;
  }

  public Talk server(String text) {
    return server(Frames.ascii(text));
  }

  public Talk server(byte[] bytes) {
    steps.add(new Step(Side.SERVER, bytes, 0, false, false, false));
    return this;
  }

  /** The client sends bytes that the capture does not have. */
  public Talk clientLost(long bytes) {
    steps.add(new Step(Side.CLIENT, null, bytes, false, false, false));
    return this;
  }

  public Talk serverLost(long bytes) {
    steps.add(new Step(Side.SERVER, null, bytes, false, false, false));
    return this;
  }

  /** The server sends bytes that the capture does not have; it is told so only where it is {@link #serverLost}. */
  public Talk serverLosesUnnoticed(long bytes) {
    steps.add(new Step(Side.SERVER, null, bytes, true, false, false));
    return this;
  }

  public Talk clientEnds() {
    steps.add(new Step(Side.CLIENT, null, 0, false, true, false));
    return this;
  }

  public Talk serverEnds() {
    steps.add(new Step(Side.SERVER, null, 0, false, true, false));
    return this;
  }

  public Talk resets() {
    steps.add(new Step(Side.SERVER, null, 0, false, true, true));
    return this;
  }

  /** What is seen, the same for every way to cut each step. */
  public List<String> seen() {
    return forEveryCut(cut -> feed(cut, null).stream().map(Talk::line).toList());
  }

  /** What the user and the model said, the same for every way to cut each step. */
  public List<String> said() {
    return forEveryCut(cut -> {
      List<String> said = new ArrayList<>();
      feed(
          cut,
          each -> said.add("#" + each.exchange() + " " + each.part() + " " + each.text()
              + (each.cut() ? "|" : "")));
      return said;
    });
  }

  private List<String> forEveryCut(
      Function<BiFunction<byte[], Integer, List<byte[]>>, List<String>> run) {
    List<String> whole = run.apply((bytes, step) -> List.of(bytes));
    for (int i = 0; i < steps.size(); i++) {
      byte[] bytes = steps.get(i).bytes;
      int length = bytes == null ? 0 : bytes.length;
      int stride = Math.max(1, length / 400);
      for (int cut = 1; cut < length; cut += length - cut < 100 || cut < 100 ? 1 : stride) {
        int turn = i;
        int at = cut;
        assertThat(run.apply(
                (each, step) -> step == turn ? EverySplit.pieces(each, at) : List.of(each)))
            .as("step %d cut at byte %d", turn, at)
            .isEqualTo(whole);
      }
    }
    assertThat(run.apply((bytes, step) -> EverySplit.every(bytes, 1)))
        .as("bytes")
        .isEqualTo(whole);
    assertThat(run.apply((bytes, step) -> EverySplit.every(bytes, 7)))
        .as("sevens")
        .isEqualTo(whole);
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      assertThat(run.apply((bytes, step) -> EverySplit.random(bytes, random)))
          .as("random cuts, seed %d", seed)
          .isEqualTo(whole);
    }
    return whole;
  }

  /** The same without the lines that begin with one of these words. */
  public List<String> seenBut(String... words) {
    return seen().stream()
        .filter(line -> List.of(words).stream().noneMatch(line::startsWith))
        .toList();
  }

  /** The lines that begin with one of these words. */
  public List<String> seenOf(String... words) {
    return seen().stream()
        .filter(line -> List.of(words).stream().anyMatch(line::startsWith))
        .toList();
  }

  /** What is seen where nothing is cut. */
  public List<Observation> observations() {
    return feed((bytes, step) -> List.of(bytes), null);
  }

  private List<Observation> feed(
      BiFunction<byte[], Integer, List<byte[]>> cut, ExcerptSink excerpts) {
    List<Observation> seen = new ArrayList<>();
    FlowAnalyzer flow = new FlowAnalyzer(limits, port, seen::add, Decryption.off(), excerpts);
    long[] next = {4_294_967_000L, 900_000}; // the client's numbers wrap
    long unnoticed = 0;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      long time = START + i * 1000L;
      int side = step.from.ordinal();
      if (step.bytes != null) {
        for (byte[] piece : cut.apply(step.bytes, i)) {
          if (acknowledging) {
            flow.onAcknowledged(step.from, next[1 - side] & 0xffffffffL);
          }
          byte[] shifted = new byte[piece.length + 3]; // not at the start of its array
          System.arraycopy(piece, 0, shifted, 3, piece.length);
          flow.onData(step.from, shifted, 3, piece.length, time, next[side] & 0xffffffffL);
          next[side] += piece.length;
        }
      } else if (step.lost > 0) {
        if (step.unnoticed) {
          unnoticed = step.lost;
        } else {
          flow.onGap(step.from, step.lost, time);
          unnoticed = step.lost == unnoticed ? -step.lost : 0;
        }
        next[side] += Math.max(0, step.lost + Math.min(0, unnoticed));
      } else {
        flow.onEnd(step.from, step.reset, time);
      }
    }
    flow.onFlowEnd(START + steps.size() * 1000L);
    return seen;
  }

  private static String at(Long micros) {
    return micros == null ? "-" : String.valueOf((micros - START) / 1000);
  }

  /** An observation as a line: its kind, then what is worth comparing. */
  public static String line(Observation seen) {
    if (seen instanceof Content c) {
      return "content " + c.kind();
    } else if (seen instanceof Odd o) {
      return "odd " + (o.exchange() < 0 ? "" : "#" + o.exchange() + " ") + o.kind();
    } else if (seen instanceof Request r) {
      return "request #%d %s %s %s at %s-%s bytes %d body %s%s"
          .formatted(
              r.exchange(),
              r.method(),
              r.target(),
              r.protocol(),
              at(r.start()),
              at(r.end()),
              r.bytes(),
              r.bodyBytes(),
              r.complete() ? "" : " incomplete");
    } else if (seen instanceof ResponseStart r) {
      return "answer #%d %s at %s".formatted(r.exchange(), r.status(), at(r.time()));
    } else if (seen instanceof ResponseEnd r) {
      return "end #%d %s at %s bytes %d body %s%s%s"
          .formatted(
              r.exchange(),
              r.outcome(),
              at(r.time()),
              r.bytes(),
              r.bodyBytes(),
              r.complete() ? "" : " incomplete",
              !r.streamed()
                  ? ""
                  : " chunks %s first %s token %s"
                      .formatted(r.chunks(), at(r.firstChunk()), at(r.firstToken())));
    } else if (seen instanceof RpcCall c) {
      return "call #%d.%d %s %s %s %s at %s-%s bytes %d session %s %s %s%s%s%s"
          .formatted(
              c.exchange(),
              c.index(),
              c.direction(),
              c.notification() ? "notification" : id(c.id()),
              c.method(),
              c.target(),
              at(c.start()),
              at(c.end()),
              c.bytes(),
              c.session(),
              c.transport(),
              c.protocolVersion(),
              c.peerName() == null ? "" : " by " + c.peerName() + " " + c.peerVersion(),
              c.cancelledId() == null ? "" : " cancels " + id(c.cancelledId()),
              c.mcp() ? "" : " not mcp");
    } else if (seen instanceof RpcResult r) {
      return "result #%d.%d %s %s at %s-%s bytes %d session %s %s%s%s%s%s"
          .formatted(
              r.exchange(),
              r.index(),
              r.direction(),
              id(r.id()),
              at(r.start()),
              at(r.end()),
              r.bytes(),
              r.session(),
              r.transport(),
              r.errorCode() == null ? "" : " error " + r.errorCode(),
              r.isError() ? " isError" : "",
              r.protocolVersion() == null ? "" : " " + r.protocolVersion(),
              r.peerName() == null ? "" : " by " + r.peerName() + " " + r.peerVersion());
    } else if (seen instanceof McpSession s) {
      return "session #%d %s %s at %s"
          .formatted(s.exchange(), s.session(), s.transport(), at(s.time()));
    } else if (seen instanceof LlmRequest r) {
      return "model #%d %s %s%s"
          .formatted(r.exchange(), r.api(), r.model(), r.stream() ? " stream" : "");
    } else if (seen instanceof LlmUsage u) {
      return "usage #%d %s %s %s+%s cached %s %s %s%s"
          .formatted(
              u.exchange(),
              u.api(),
              u.model(),
              u.inputTokens(),
              u.outputTokens(),
              u.cachedTokens(),
              u.finishReason(),
              u.toolCalls(),
              u.error() == null ? "" : " error " + u.error());
    }
    return seen.getClass().getSimpleName();
  }

  private static String id(Object id) {
    return id instanceof String ? "'" + id + "'" : String.valueOf(id);
  }
}
