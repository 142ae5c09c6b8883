package io.sidewire.query.live;

import static io.sidewire.query.Samples.T0;
import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.query.ApiPath;
import io.sidewire.query.Ask;
import io.sidewire.query.Filter;
import io.sidewire.query.Samples;
import io.sidewire.query.live.LiveEvent.Kind;
import io.sidewire.schemas.Exchange;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of a call that both ends have captured, the live stream tells the view that came first, and that one to its end. */
class LiveEndsTest {
  private final LiveEnds ends = new LiveEnds();

  @Test
  void theViewThatCameFirstIsToldAndTheOtherIsNot() {
    assertThat(ends.told(view("client", 30_000))).isFalse();
    assertThat(ends.told(view("server", 20_000))).isTrue();
    assertThat(ends.told(view("client", 30_000))).isFalse();
    assertThat(ends.told(view("server", 20_000))).isTrue();
    assertThat(ends.told(Samples.exchange("x-0", T0).build())).isFalse();
  }

  @Test
  void theInteractionOfTheClientsHostIsToldWhicheverViewCameFirst() {
    for (List<Exchange> order : List.of(
        List.of(view("client", 30_000), view("server", 20_000)),
        List.of(view("server", 20_000), view("client", 30_000)))) {
      var fresh = new LiveEnds();
      order.forEach(fresh::told);
      assertThat(fresh.told(Samples.interaction("c-0", T0, T0).build())).isFalse();
      assertThat(fresh.told(Samples.interaction("s-0", T0, T0).build())).isTrue();
      assertThat(fresh.told(Samples.interaction("other-0", T0, T0).build())).isFalse();
    }
  }

  @Test
  void whatOneHostSeesTwiceIsNoSecondView() {
    assertThat(ends.told(view("client", 30_000))).isFalse();
    Exchange again = viewOf("client", 30_000).setExchangeId("c-9").build();
    assertThat(ends.told(again)).isFalse();
  }

  @Test
  void namesAreForgottenTheOldestFirst() {
    ends.told(view("client", 30_000));
    var told = new ArrayList<Boolean>();
    IntStream.range(0, LiveEnds.MOST - 1)
        .forEach(i -> told.add(
            ends.told(viewOf("client", 30_000).setRequestSequence((long) i).build())));
    assertThat(told).containsOnly(false);
    assertThat(ends.told(view("server", 20_000))).isTrue();
    ends.told(viewOf("client", 30_000).setRequestSequence(-1L).build());
    assertThat(ends.told(view("server", 20_000))).isFalse();
  }

  @Test
  void whoAsksForAHostIsToldItsOwnView() {
    var event = new LiveEvent(1, Kind.exchange, view("server", 1), "{}", true);
    assertThat(event.passes(filter(Map.of()))).isFalse();
    assertThat(event.passes(filter(Map.of("host", "server")))).isTrue();
  }

  private static Filter filter(Map<String, String> asked) {
    var query = new MultivaluedHashMap<String, String>();
    asked.forEach(query::add);
    return new Ask(ApiPath.LIVE, query, 0).filter(Set::of);
  }

  private static Exchange view(String host, long ttfb) {
    return viewOf(host, ttfb).build();
  }

  private static Exchange.Builder viewOf(String host, long ttfb) {
    return Samples.exchange(host.charAt(0) + "-0", T0)
        .setHost(host)
        .setCommunityId("1:abc")
        .setRequestSequence(4_000_000_000L)
        .setTtfbMicros(ttfb);
  }
}
