package io.sidewire.wire.tls;

import static io.sidewire.wire.tls.InferenceRules.LEAD_BYTES;
import static io.sidewire.wire.tls.InferenceRules.LEAD_EARLY;
import static io.sidewire.wire.tls.InferenceRules.LEAD_RECORDS;
import static io.sidewire.wire.tls.InferenceRules.LEAD_SILENCE;
import static io.sidewire.wire.tls.InferenceRules.PAIRED_TICKET_RECORD;
import static io.sidewire.wire.tls.InferenceRules.SERVER_CONTROL;
import static io.sidewire.wire.tls.InferenceRules.SERVER_SETTINGS;
import static io.sidewire.wire.tls.InferenceRules.SMALL_TICKET_RECORD;
import static io.sidewire.wire.tls.InferenceRules.STREAM_RHYTHM;
import static io.sidewire.wire.tls.InferenceRules.TICKET_LATEST;

import io.sidewire.wire.tls.InferredExchange.Rec;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server says by itself before its first answer (level L2): session tickets of TLS 1.3, which arrive after the first
 * request, and the SETTINGS of HTTP/2.
 *
 * <p>A record that may be a ticket is held until the next one decides. At most {@value InferenceRules#LEAD_RECORDS} records
 * are held.
 */
final class LeadFilter {
  private final boolean ticketsPossible;
  private final boolean resumed;
  private final long finished;
  private final long roundTrip;
  private final List<Rec> held = new ArrayList<>(2);
  private int ticketLength;
  private boolean settingsSeen;

  /**
   * @param ticketsPossible TLS 1.3, and the client offered a way to use tickets
   * @param earlyTicket length of a ticket that came already, -1 for none
   * @param resumed a session was resumed; few servers send tickets then
   * @param finished when the client ended the handshake
   * @param roundTrip from hello to hello, which is at least the round trip
   */
  LeadFilter(
      boolean ticketsPossible, int earlyTicket, boolean resumed, long finished, long roundTrip) {
    this.ticketsPossible = ticketsPossible;
    this.ticketLength = earlyTicket;
    this.resumed = resumed;
    this.finished = finished;
    this.roundTrip = roundTrip;
  }

  boolean holds() {
    return !held.isEmpty();
  }

  /** A record while nothing was asked: certainly one of these. */
  void beforeRequest(Rec record, int plain, boolean mayBeH2) {
    if (mayBeH2 && plain <= SERVER_SETTINGS) {
      settingsSeen = true;
    } else if (plain >= SERVER_CONTROL) {
      ticketLength = record.length();
    }
  }

  /**
   * A record after the first request.
   *
   * @param slack how much less than {@code plain} it may hold
   * @return the records with which the answer began, oldest first; empty while it did not begin
   */
  List<Rec> offer(Rec record, int plain, int slack, Http http) {
    if (plain < SERVER_CONTROL + slack) {
      return control(http);
    }
    if (http != Http.ONE
        && plain <= SERVER_SETTINGS
        && !settingsSeen
        && settingsHere(record, http)) {
      return control(http);
    }
    if (ticketLength == record.length()) {
      return List.of(); // one more of a series
    }
    if (ticketLength >= 0 || !ticketsPossible) {
      return began(record);
    }
    if (held.isEmpty()) {
      held.add(record);
      return List.of();
    }
    return decide(record);
  }

  /** HTTP/2 must begin with SETTINGS; where it may be HTTP/1.1, only one at the heels of the tickets is believed. */
  private boolean settingsHere(Rec record, Http http) {
    return http == Http.TWO
        || record.start() - finished <= early()
        || holds() && record.start() - last().end() < 5_000;
  }

  /** SETTINGS, an acknowledgement or 100 Continue; what was held before the first SETTINGS was no answer. */
  private List<Rec> control(Http http) {
    boolean firstSettings = !settingsSeen;
    settingsSeen |= http != Http.ONE;
    if (held.isEmpty()) {
      return List.of();
    }
    if (http == Http.TWO && firstSettings) {
      ticketsWere();
      return List.of();
    }
    // An answer in one record, and the empty frame or chunk that ends it; or a ticket, and an
    // acknowledgement.
    Rec first = held.get(0);
    return early(first) && (first.length() < SMALL_TICKET_RECORD || http != Http.TWO)
        ? List.of()
        : began();
  }

  /** A second record that is no control frame: what was the first? */
  private List<Rec> decide(Rec record) {
    Rec first = held.get(0);
    if (held.size() == 1
        && record.length() == first.length()
        && record.length() <= PAIRED_TICKET_RECORD) {
      ticketsWere();
      return List.of();
    }
    long silence = record.start() - last().end();
    if (first.length() < SMALL_TICKET_RECORD) {
      boolean slow =
          !resumed && first.start() - finished <= TICKET_LATEST && silence >= STREAM_RHYTHM;
      if (early(first) || slow) {
        ticketsWere();
      }
      return began(record);
    }
    if (early(first) && silence >= LEAD_SILENCE) {
      ticketsWere();
      return began(record);
    }
    int bytes = record.length();
    for (Rec rec : held) {
      bytes += rec.length();
    }
    if (early(record)
        && silence < LEAD_SILENCE
        && held.size() < LEAD_RECORDS
        && bytes <= LEAD_BYTES) {
      held.add(record);
      return List.of();
    }
    return began(record);
  }

  private long early() {
    return Math.max(LEAD_EARLY, 2 * roundTrip);
  }

  private boolean early(Rec record) {
    return record.start() - finished <= early();
  }

  private Rec last() {
    return held.get(held.size() - 1);
  }

  private void ticketsWere() {
    ticketLength = held.get(0).length();
    held.clear();
  }

  private List<Rec> began(Rec record) {
    held.add(record);
    return began();
  }

  /** What is held was the answer after all. */
  List<Rec> began() {
    List<Rec> answer = List.copyOf(held);
    held.clear();
    return answer;
  }

  /** The client went on {@code after} its last record: had it an answer by then, or was its request not yet complete? */
  boolean heldIsAnswer(long since) {
    return holds() && !(early(held.get(0)) && since < InferenceRules.LEAD_SILENCE);
  }

  /** The flow is over with records held: no answer, if these came as early as tickets do and the client gave up. */
  boolean heldIsTicket(boolean clientEndedFirst) {
    return holds()
        && clientEndedFirst
        && early(held.get(0))
        && held.get(0).length() < SMALL_TICKET_RECORD;
  }
}
