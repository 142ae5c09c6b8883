package io.sidewire.wire.http2;

import static io.sidewire.wire.http2.Frames2.data;
import static io.sidewire.wire.http2.Frames2.frame;
import static io.sidewire.wire.http2.Frames2.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Side;
import io.sidewire.wire.http.FlowMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each way to flood an HTTP/2 connection, up to its cap and beyond: told once, and what comes later is read. */
class Http2FloodTest {
  private static final Limits LIMITS = Limits.DEFAULT;
  private static final long SECOND = 1_000_000;

  private final List<Observation> seen = new ArrayList<>();
  private final Frames2 client = new Frames2();
  private final Frames2 server = new Frames2();
  private Http2Connection connection;
  private long time = SECOND;
  private int stream = -1;

  @BeforeEach
  void begin() {
    long[] next = {0};
    connection = new Http2Connection(
        LIMITS,
        seen::add,
        () -> next[0]++,
        new FlowMemory(seen::add),
        Http2Connection.Beginning.PREFACE);
    from(Side.CLIENT, join(Frames2.PREFACE, Frames2.settings()));
    from(Side.SERVER, Frames2.settings());
    time += SECOND;
    // Its fields stand in the table from here on, so that each further head has a few bytes.
    readsACall();
  }

  private void from(Side side, byte[] bytes) {
    connection.onData(side, bytes, 0, bytes.length, time, 0);
  }

  private List<Anomaly> odd() {
    return seen.stream()
        .filter(Odd.class::isInstance)
        .map(Odd.class::cast)
        .map(Odd::kind)
        .toList();
  }

  private int count(Class<?> kind) {
    return (int) seen.stream().filter(kind::isInstance).count();
  }

  /** A second later, a call is whole again. */
  private void readsACall() {
    time += SECOND;
    seen.clear();
    stream += 2;
    from(Side.CLIENT, client.get(stream, "/a"));
    from(
        Side.SERVER,
        join(server.answer(stream, false, 200, "text/plain"), data(stream, true, "a")));
    assertThat(seen).filteredOn(Request.class::isInstance).singleElement().satisfies(one -> {
      assertThat(((Request) one).target()).isEqualTo("/a");
      assertThat(((Request) one).complete()).isTrue();
    });
    assertThat(seen)
        .filteredOn(one -> one instanceof ResponseEnd end && end.outcome() == Outcome.ANSWERED)
        .hasSize(1);
    seen.clear();
  }

  private void open() {
    stream += 2;
    from(Side.CLIENT, client.get(stream, "/a"));
  }

  // ---------------------------------------------------------------- streams

  @Test
  void rapidReset() {
    for (int i = 0; i < LIMITS.http2Resets(); i++) {
      open();
      from(Side.CLIENT, Frames2.reset(stream));
    }
    assertThat(odd()).isEmpty();
    assertThat(count(Request.class)).isEqualTo(LIMITS.http2Resets());
    for (int i = 0; i < 50_000; i++) {
      open();
      from(i % 2 == 0 ? Side.CLIENT : Side.SERVER, Frames2.reset(stream));
    }
    assertThat(odd()).containsExactly(Anomaly.HTTP2_RESET_FLOOD);
    assertThat(count(Request.class)).isEqualTo(LIMITS.http2Resets() + 1);
    readsACall();
  }

  @Test
  void streamsThatStayOpen() {
    for (int i = 0; i < LIMITS.http2Streams(); i++) {
      open();
    }
    assertThat(odd()).isEmpty();
    assertThat(count(ResponseEnd.class)).isZero();
    for (int i = 0; i < 5_000; i++) {
      open();
    }
    assertThat(odd()).containsExactly(Anomaly.HTTP2_STREAM_LIMIT);
    // The oldest are given up, one for each: so many stay.
    assertThat(count(ResponseEnd.class)).isEqualTo(5_000);
    readsACall();
  }

  @Test
  void pushedStreams() {
    open();
    for (int i = 1; i <= LIMITS.http2Streams() + 1000; i++) {
      byte[] promised = {0, 0, (byte) (2 * i >> 8), (byte) (2 * i)};
      byte[] block = server.block(":method", "GET", ":path", "/style");
      from(Side.SERVER, frame(5, Frames2.END_HEADERS, stream, join(promised, block)));
    }
    assertThat(odd()).containsExactly(Anomaly.HTTP2_STREAM_LIMIT);
    readsACall();
  }

  // ---------------------------------------------------------------- frames

  @Test
  void settingsAndPingsAndEmptyBodies() {
    open();
    byte[][] frames = {
      Frames2.settings(), Frames2.ping(), data(stream, false, ""), frame(0xbe, 0, 0, new byte[0])
    };
    for (byte[] frame : frames) {
      time += SECOND;
      for (int i = 0; i < LIMITS.http2Control(); i++) {
        from(Side.CLIENT, frame);
      }
    }
    assertThat(odd()).isEmpty();
    for (int i = 0; i < 50_000; i++) {
      from(i % 2 == 0 ? Side.CLIENT : Side.SERVER, frames[i % 4]);
    }
    assertThat(odd()).containsExactly(Anomaly.HTTP2_CONTROL_FLOOD);
    readsACall();
  }

  @Test
  void continuations() {
    for (int count : new int[] {LIMITS.http2Continuations(), 50_000}) {
      stream += 2;
      from(Side.CLIENT, frame(1, Frames2.END_STREAM, stream, client.block(":method", "GET")));
      from(Side.CLIENT, frame(9, 0, stream, client.block(":path", "/a")));
      for (int i = 2; i < count - 1; i++) {
        from(Side.CLIENT, frame(9, 0, stream, new byte[0]));
      }
      from(Side.CLIENT, frame(9, Frames2.END_HEADERS, stream, new byte[0]));
      assertThat(count(Request.class)).isPositive();
      if (count == LIMITS.http2Continuations()) {
        assertThat(odd()).isEmpty();
      }
    }
    assertThat(odd()).containsExactly(Anomaly.HTTP2_CONTINUATION_FLOOD);
  }

  // ---------------------------------------------------------------- HPACK

  @Test
  void oneEntryAgainAndAgain() {
    byte[] get = {(byte) 0x82, (byte) 0x84};
    byte[] entry = join(get, client.block("cookie", "x".repeat(3000)));
    for (int fields : new int[] {LIMITS.headerCount(), 60_000}) {
      byte[] block = new byte[entry.length + fields - 3];
      System.arraycopy(entry, 0, block, 0, entry.length);
      Arrays.fill(block, entry.length, block.length, (byte) 0xbe);
      stream += 2;
      from(Side.CLIENT, frame(1, 5, stream, block));
      assertThat(odd())
          .isEqualTo(
              fields > LIMITS.headerCount() ? List.of(Anomaly.HTTP_TOO_MANY_HEADERS) : List.of());
    }
    assertThat(count(Request.class)).isEqualTo(2);
  }

  @Test
  void aHeadThatIsTooLong() {
    for (int extra : new int[] {0, 1, 1_000_000}) {
      seen.clear();
      stream += 2;
      int room = LIMITS.headBytes() + extra;
      byte[] value =
          new byte[room - 7]; // a literal with a new name, not added: 00 01 'x' 7f length
      Arrays.fill(value, (byte) 'y');
      int rest = value.length - 127;
      byte[] length = {
        0x7f, (byte) (rest & 0x7f | 0x80), (byte) (rest >> 7 & 0x7f | 0x80), (byte) (rest >> 14)
      };
      byte[] block = join(new byte[] {0, 1, 'x'}, length, value);
      for (int at = 0; at < block.length; at += 16_384) {
        int until = Math.min(block.length, at + 16_384);
        int flags = until == block.length ? Frames2.END_HEADERS : 0;
        from(
            Side.CLIENT,
            frame(
                at == 0 ? 1 : 9,
                at == 0 ? flags | 1 : flags,
                stream,
                Arrays.copyOfRange(block, at, until)));
      }
      assertThat(odd().contains(Anomaly.HTTP_HEAD_TOO_LONG)).isEqualTo(extra == 1);
      assertThat(odd().isEmpty()).isEqualTo(extra == 0);
    }
  }

  @Test
  void aTableThatIsTooLarge() {
    from(Side.CLIENT, frame(1, 5, stream += 2, join(resize(LIMITS.http2HeaderTable()), new byte[] {
      (byte) 0x82
    })));
    assertThat(odd()).isEmpty();
    from(Side.CLIENT, frame(1, 5, stream += 2, join(resize(1 << 20), new byte[] {(byte) 0x82})));
    assertThat(odd()).containsExactly(Anomaly.HTTP2_HEADER_TABLE_LIMIT);
    readsACall();
  }

  private static byte[] resize(int size) {
    int rest = size - 31;
    return new byte[] {
      0x3f, (byte) (rest & 0x7f | 0x80), (byte) (rest >> 7 & 0x7f | 0x80), (byte) (rest >> 14)
    };
  }
}
