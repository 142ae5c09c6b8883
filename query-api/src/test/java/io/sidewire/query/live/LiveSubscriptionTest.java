package io.sidewire.query.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.query.ApiPath;
import io.sidewire.query.Ask;
import io.sidewire.query.Samples;
import io.sidewire.query.live.LiveEvent.Kind;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.Test;

class LiveSubscriptionTest {
  private final List<OutboundSseEvent> got = new ArrayList<>();
  private boolean cancelled;

  @Test
  void aSlowListenerLosesTheOldestAndIsToldHowMany() {
    LiveSubscription slow = subscription(3);
    for (int i = 1; i <= 10; i++) {
      slow.offer(event(i));
    }
    assertThat(got).isEmpty();
    slow.request(2);
    assertThat(got.get(0).getName()).isEqualTo("dropped");
    assertThat(got.get(0).getData()).isEqualTo("{\"dropped\":7}");
    assertThat(got.get(1).getId()).isEqualTo("s-8");
    slow.request(Long.MAX_VALUE);
    assertThat(got).extracting(OutboundSseEvent::getId).endsWith("s-9", "s-10");
    slow.offer(event(11));
    assertThat(got).extracting(OutboundSseEvent::getId).endsWith("s-11");
  }

  @Test
  void oneThatIsGoneIsNotServed() {
    LiveSubscription gone = subscription(3);
    gone.request(10);
    gone.cancel();
    gone.offer(event(1));
    assertThat(got).isEmpty();
    assertThat(cancelled).isTrue();
  }

  private LiveSubscription subscription(int backlog) {
    var ask = new Ask(ApiPath.LIVE, new MultivaluedHashMap<>(), 0);
    return new LiveSubscription(
        ask.filter(Set::of),
        EnumSet.of(Kind.exchange),
        backlog,
        "s",
        new SseImpl(),
        new Collector(),
        () -> cancelled = true);
  }

  private static LiveEvent event(long sequence) {
    return new LiveEvent(sequence, Kind.exchange, Samples.exchange("f-0", 1).build(), "{}", false);
  }

  private final class Collector implements Flow.Subscriber<OutboundSseEvent> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {}

    @Override
    public void onNext(OutboundSseEvent event) {
      got.add(event);
    }

    @Override
    public void onError(Throwable e) {}

    @Override
    public void onComplete() {}
  }
}
