package io.sidewire.wire.flow;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.DatagramConsumer;
import io.sidewire.wire.Limits;
import io.sidewire.wire.Observation.Odd;
import io.sidewire.wire.Observation.Outcome;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.Side;
import io.sidewire.wire.dns.DnsExchanges;
import io.sidewire.wire.dns.DnsExchanges.Arrival;
import io.sidewire.wire.quic.QuicAnalyzer;
import io.sidewire.wire.tls.DtlsAnalyzer;

/**
 * The datagrams of one UDP flow: DNS, QUIC Initials and DTLS hellos, recognised by content with the port as a hint.
 *
 * <p>Unknown flows cost little: DNS is tried on their first datagrams only, and the others by their first bytes, because
 * DTLS may begin late, behind STUN on the same ports.
 */
public final class DatagramAnalyzer implements DatagramConsumer {
  private static final int DNS_TRIES = 4;
  private static final int TRIES = 256;

  private final Limits limits;
  private final ObservationSink sink;
  private final boolean dnsPort;
  private DnsExchanges dns;
  private boolean dnsSeen;
  private boolean oddReported;
  private DatagramConsumer found;
  private long exchanges;
  private int tried;

  public DatagramAnalyzer(Limits limits, int clientPort, int serverPort, ObservationSink sink) {
    this.limits = limits;
    this.sink = sink;
    this.dnsPort = dnsPort(clientPort) || dnsPort(serverPort);
  }

  /** DNS, multicast DNS, and LLMNR. */
  private static boolean dnsPort(int port) {
    return port == 53 || port == 5353 || port == 5355;
  }

  @Override
  public void onDatagram(
      Side from, byte[] bytes, int offset, int length, long timeMicros, boolean complete) {
    if (found != null) {
      found.onDatagram(from, bytes, offset, length, timeMicros, complete);
      return;
    }
    if (length == 0 || tried >= TRIES && !dnsSeen) {
      return;
    }
    if (dnsSeen || dnsPort || tried < DNS_TRIES) {
      if (dns(from, bytes, offset, length, timeMicros, complete)) {
        return;
      }
    }
    tried++;
    if (dnsSeen) {
      return;
    }
    if (QuicAnalyzer.sniff(bytes, offset, length)) {
      found = new QuicAnalyzer(limits, sink);
    } else if (DtlsAnalyzer.sniff(bytes, offset, length, complete)) {
      found = new DtlsAnalyzer(limits, sink);
    }
    if (found != null) {
      found.onDatagram(from, bytes, offset, length, timeMicros, complete);
    }
  }

  private boolean dns(
      Side from, byte[] bytes, int offset, int length, long time, boolean complete) {
    if (dns == null) {
      dns = new DnsExchanges(limits, sink, () -> exchanges++);
    }
    boolean read = dns.message(
        bytes, offset, length, dnsPort || dnsSeen, new Arrival(from, time, time, length, complete));
    dnsSeen |= read;
    if (!read && dnsSeen && complete && !oddReported) {
      oddReported = true;
      sink.observe(new Odd(time, -1, Anomaly.DNS_INVALID));
    }
    return read;
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    if (found != null) {
      found.onFlowEnd(timeMicros);
    }
    if (dns != null) {
      dns.end(Outcome.CAPTURE_ENDED, timeMicros);
    }
  }
}
