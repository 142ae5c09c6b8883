package io.sidewire.query.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sidewire.query.live.LiveEvent.Kind;
import io.sidewire.schemas.AvroJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Hands each event to all listeners, and keeps the latest ones for those that come back.
 *
 * <p>Events are published by one thread; listeners come and go on any.
 */
final class LiveFeed {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int KEPT = 2_000;

  private final Set<LiveSubscription> listeners = ConcurrentHashMap.newKeySet();
  private final ArrayDeque<LiveEvent> kept = new ArrayDeque<>();
  private final LiveEnds ends = new LiveEnds();
  private long sequence;

  void publish(Kind kind, SpecificRecordBase record) {
    LiveEvent event;
    // Joining and publishing exclude each other: no event is missed or sent twice to one that comes
    // back.
    synchronized (this) {
      event = new LiveEvent(++sequence, kind, record, json(record), ends.told(record));
      kept.add(event);
      if (kept.size() > KEPT) {
        kept.poll();
      }
      listeners.forEach(listener -> listener.offer(event));
    }
  }

  /** @param after sequence of the last event that the listener has; negative: from now on */
  synchronized void join(LiveSubscription listener, long after) {
    if (after >= 0) {
      List.copyOf(kept).stream().filter(event -> event.sequence() > after).forEach(listener::offer);
    }
    listeners.add(listener);
  }

  void leave(LiveSubscription listener) {
    listeners.remove(listener);
  }

  int listeners() {
    return listeners.size();
  }

  void beat(long nowNanos, long silenceNanos) {
    listeners.forEach(listener -> listener.beat(nowNanos, silenceNanos));
  }

  private static String json(SpecificRecordBase record) {
    var text = new StringWriter(512);
    try (JsonGenerator out = JSON.createGenerator(text)) {
      AvroJson.write(out, record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
