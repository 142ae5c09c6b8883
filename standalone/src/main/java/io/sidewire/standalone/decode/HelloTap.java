package io.sidewire.standalone.decode;

import io.sidewire.capture.ObservationTap;
import io.sidewire.capture.redact.Redaction;
import io.sidewire.schemas.Endpoint;
import io.sidewire.wire.Observation;
import io.sidewire.wire.flow.FlowView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Joins the hellos of client and server of each connection. */
final class HelloTap implements ObservationTap {
  private final Consumer<Hello> out;
  private final Map<FlowView, Pending> pending = new HashMap<>();

  HelloTap(Consumer<Hello> out) {
    this.out = out;
  }

  /** Client hellos of one flow, one a transport: a QUIC flow has one, a proxied connection may have two. */
  private static final class Pending {
    final List<Observation.ClientHello> hellos = new ArrayList<>(1);
    final Map<String, Integer> chosen = new HashMap<>(2);

    boolean saidHello(String transport) {
      for (Observation.ClientHello seen : hellos) {
        if (seen.transport().equals(transport)) {
          return true;
        }
      }
      return false;
    }
  }

  @Override
  public void observed(FlowView flow, Observation observation) {
    if (observation instanceof Observation.ClientHello hello) {
      Pending flows = pending.computeIfAbsent(flow, f -> new Pending());
      // After a retry request the client says hello again: the first one counts.
      if (!flows.saidHello(hello.transport())) {
        flows.hellos.add(hello);
      }
    } else if (observation instanceof Observation.ServerHello hello && !hello.helloRetryRequest()) {
      Pending flows = pending.get(flow);
      if (flows != null) {
        flows.chosen.putIfAbsent(hello.transport(), hello.version());
      }
    }
  }

  @Override
  public void ended(FlowView flow) {
    Pending flows = pending.remove(flow);
    if (flows == null) {
      return;
    }
    for (Observation.ClientHello hello : flows.hellos) {
      out.accept(new Hello(
          HexFormat.of().toHexDigits(flow.id()),
          new Endpoint(flow.clientAddress(), port(flow.clientPort())),
          new Endpoint(flow.serverAddress(), port(flow.serverPort())),
          hello.transport(),
          hello.serverName(),
          hello.alpn(),
          Redaction.tlsVersion(flows.chosen.getOrDefault(hello.transport(), hello.version())),
          hello.ja3(),
          hello.ja4(),
          hello.ech()));
    }
  }

  private static Integer port(int port) {
    return port < 0 ? null : port;
  }
}
