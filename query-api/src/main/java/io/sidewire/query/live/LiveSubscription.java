package io.sidewire.query.live;

import io.sidewire.query.Filter;
import io.sidewire.query.live.LiveEvent.Kind;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * One listener: a bounded queue between the one reading thread and a connection that takes events as fast as it can.
 *
 * <p>Where the queue is full the oldest events go, and the listener is told how many: a slow listener harms no one else.
 */
final class LiveSubscription implements Flow.Subscription {
  private static final Logger LOG = Logger.getLogger(LiveSubscription.class);

  private final Filter filter;
  private final Set<Kind> kinds;
  private final int backlog;
  private final String streamId;
  private final Sse sse;
  private final Flow.Subscriber<? super OutboundSseEvent> subscriber;
  private final Runnable onCancel;

  private final ArrayDeque<OutboundSseEvent> queue = new ArrayDeque<>();
  private final AtomicBoolean draining = new AtomicBoolean();
  private long demand;
  private long dropped;
  private boolean cancelled;
  private long lastOfferNanos = System.nanoTime();

  LiveSubscription(
      Filter filter,
      Set<Kind> kinds,
      int backlog,
      String streamId,
      Sse sse,
      Flow.Subscriber<? super OutboundSseEvent> subscriber,
      Runnable onCancel) {
    this.filter = filter;
    this.kinds = kinds;
    this.backlog = backlog;
    this.streamId = streamId;
    this.sse = sse;
    this.subscriber = subscriber;
    this.onCancel = onCancel;
  }

  void offer(LiveEvent event) {
    if (kinds.contains(event.kind()) && event.passes(filter)) {
      add(sse.newEventBuilder()
          .id(streamId + "-" + event.sequence())
          .name(event.kind().name())
          .data(event.json())
          .build());
    }
  }

  /** Tells the listener where it is; its first event. */
  void greet(String json) {
    add(sse.newEventBuilder().name("hello").data(json).build());
  }

  /** Keeps the connection open, and finds out where it is gone. */
  void beat(long nowNanos, long silenceNanos) {
    synchronized (this) {
      if (nowNanos - lastOfferNanos < silenceNanos) {
        return;
      }
    }
    add(sse.newEventBuilder().comment("still here").build());
  }

  private void add(OutboundSseEvent event) {
    synchronized (this) {
      if (cancelled) {
        return;
      }
      lastOfferNanos = System.nanoTime();
      if (queue.size() >= backlog) {
        queue.poll();
        dropped++;
      }
      queue.add(event);
    }
    drain();
  }

  @Override
  public void request(long n) {
    synchronized (this) {
      demand = n > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + n;
    }
    drain();
  }

  @Override
  public void cancel() {
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      queue.clear();
    }
    onCancel.run();
  }

  /** One thread at a time; one that finds another at it leaves its events to that one. */
  private void drain() {
    do {
      if (!draining.compareAndSet(false, true)) {
        return;
      }
      try {
        for (OutboundSseEvent event = next(); event != null; event = next()) {
          subscriber.onNext(event);
        }
      } catch (RuntimeException e) {
        LOG.debugf("A live stream ended: %s", e.getClass().getSimpleName());
        cancel();
      } finally {
        draining.set(false);
      }
    } while (waiting());
  }

  private synchronized boolean waiting() {
    return demand > 0 && !queue.isEmpty();
  }

  private synchronized OutboundSseEvent next() {
    if (demand == 0 || queue.isEmpty()) {
      return null;
    }
    demand--;
    if (dropped > 0) {
      String json = "{\"dropped\":" + dropped + "}";
      dropped = 0;
      return sse.newEventBuilder().name("dropped").data(json).build();
    }
    return queue.poll();
  }
}
