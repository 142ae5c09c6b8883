package io.sidewire.wire.dns;

import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Content;
import io.sidewire.wire.Observation.DnsAnswer;
import io.sidewire.wire.Observation.Evidence;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.Observation.Request;
import io.sidewire.wire.Observation.ResponseEnd;
import io.sidewire.wire.Observation.ResponseStart;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Pairs the questions and answers of one flow by id and question. A question asked again before its answer is one exchange;
 * an answer that comes again is none.
 */
public final class DnsExchanges {
  private static final String PROTOCOL = "dns";
  private static final int ANSWERED_KEPT = 64;

  /** A message as it came: {@code bytes} are those on the wire, framing included. */
  public record Arrival(Side from, long start, long end, long bytes, boolean complete) {}

  /** What makes a question the same: its asker, its id and what it asks. */
  private record Key(Side asker, int id, String name, int type) {}

  private final ObservationSink sink;
  private final LongSupplier nextExchange;
  private final int most;
  private final int nameBytes;
  private final Map<Key, Long> open = new LinkedHashMap<>();
  private final Map<Key, Boolean> answered = new LinkedHashMap<>();
  private boolean contentReported;

  public DnsExchanges(Limits limits, ObservationSink sink, LongSupplier nextExchange) {
    this.sink = sink;
    this.nextExchange = nextExchange;
    this.most = limits.pipelined();
    this.nameBytes = limits.nameBytes();
  }

  /**
   * Takes a message.
   *
   * @param known port or earlier messages say DNS
   * @return false where it is none; nothing was reported then
   */
  public boolean message(byte[] bytes, int offset, int length, boolean known, Arrival arrival) {
    DnsMessage message = DnsMessage.parse(bytes, offset, length, known, !arrival.complete);
    if (message == null) {
      return false;
    }
    if (!contentReported) {
      contentReported = true;
      sink.observe(new Content(arrival.start, PROTOCOL));
    }
    if (message.name == null) {
      return true; // answers that nobody asked for, of mDNS
    }
    String name =
        message.name.length() > nameBytes ? message.name.substring(0, nameBytes) : message.name;
    if (message.response) {
      answer(message, name, arrival);
    } else {
      ask(message, name, arrival);
    }
    return true;
  }

  private void ask(DnsMessage message, String name, Arrival arrival) {
    Key key = new Key(arrival.from, message.id, name, message.type);
    answered.remove(key); // ids come round again
    if (open.containsKey(key)) {
      return;
    }
    if (open.size() >= most) {
      Iterator<Map.Entry<Key, Long>> oldest = open.entrySet().iterator();
      unanswered(oldest.next().getValue(), Outcome.CAPTURE_ENDED, arrival.start);
      oldest.remove();
    }
    long exchange = nextExchange.getAsLong();
    open.put(key, exchange);
    sink.observe(new Request(
        exchange,
        PROTOCOL,
        Evidence.DECODED,
        null,
        false,
        arrival.complete,
        arrival.start,
        arrival.end,
        -1,
        arrival.bytes,
        null,
        DnsType.name(message.type),
        null,
        name,
        null,
        null,
        null,
        null,
        null,
        null,
        -1,
        0,
        0));
  }

  private void answer(DnsMessage message, String name, Arrival arrival) {
    Key key = new Key(arrival.from.other(), message.id, name, message.type);
    Long asked = open.remove(key);
    if (asked == null && answered.containsKey(key)) {
      return;
    }
    remember(key);
    long exchange = asked == null ? nextExchange.getAsLong() : asked;
    sink.observe(new ResponseStart(
        exchange, arrival.start, -1, Evidence.DECODED, null, null, null, null, null, null));
    sink.observe(new DnsAnswer(
        exchange,
        name,
        DnsType.name(message.type),
        message.code,
        List.copyOf(message.addresses),
        message.ttlSeconds));
    sink.observe(new ResponseEnd(
        exchange,
        arrival.end,
        Evidence.DECODED,
        Outcome.ANSWERED,
        arrival.complete,
        false,
        null,
        arrival.bytes,
        null,
        false,
        null,
        null,
        null));
  }

  private void remember(Key key) {
    answered.put(key, true);
    if (answered.size() > ANSWERED_KEPT) {
      Iterator<Key> oldest = answered.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** Nothing more will come: questions without an answer end so. */
  public void end(Outcome outcome, long time) {
    for (long exchange : open.values()) {
      unanswered(exchange, outcome, time);
    }
    open.clear();
  }

  private void unanswered(long exchange, Outcome outcome, long time) {
    sink.observe(new ResponseEnd(
        exchange,
        time,
        Evidence.DECODED,
        outcome,
        true,
        false,
        null,
        0,
        null,
        false,
        null,
        null,
        null));
  }
}
