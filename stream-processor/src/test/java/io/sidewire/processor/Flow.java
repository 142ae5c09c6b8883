package io.sidewire.processor;

import io.sidewire.schemas.Endpoint;
import io.sidewire.schemas.FlowInfo;
import io.sidewire.schemas.Process;
import io.sidewire.schemas.Tunnel;
import io.sidewire.schemas.Volume;
import java.util.ArrayList;
import java.util.List;

/** A flow of a test, as the capture describes it in each batch. */
public final class Flow {
  private final FlowInfo info = new FlowInfo();
  private final List<String> content = new ArrayList<>();
  private boolean began;

  private Flow(String id, String transport) {
    info.setFlowId(id);
    info.setTransport(transport);
    info.setTunnel(Tunnel.NONE);
    info.setVlans(List.of());
    info.setClientKnown(true);
    info.setState("open");
    from("10.0.0.1", 40000).to("10.0.0.2", 8000);
  }

  public static Flow tcp(String id) {
    return new Flow(id, "tcp");
  }

  public static Flow udp(String id) {
    return new Flow(id, "udp");
  }

  public Flow from(String address, int port) {
    info.setClient(new Endpoint(address, port));
    return this;
  }

  public Flow to(String address, int port) {
    info.setServer(new Endpoint(address, port));
    return this;
  }

  /** From the next batch on. */
  public Flow shows(String... evidence) {
    content.addAll(List.of(evidence));
    return this;
  }

  public Flow named(String serverName) {
    info.setServerName(serverName);
    return this;
  }

  public Flow by(int pid, String command) {
    info.setClientProcess(new Process(pid, command, null));
    return this;
  }

  public Flow servedBy(int pid, String command) {
    info.setServerProcess(new Process(pid, command, null));
    return this;
  }

  public Flow in(Tunnel tunnel) {
    info.setTunnel(tunnel);
    return this;
  }

  /** Client and server were taken for each other until now. */
  public Flow turns() {
    Endpoint client = info.getClient();
    info.setClient(info.getServer());
    info.setServer(client);
    return this;
  }

  /** As described in a batch of that time. */
  public FlowInfo at(long micros) {
    if (!began) {
      began = true;
      info.setFirstSeen(micros);
    }
    var copy = new FlowInfo();
    for (var field : info.getSchema().getFields()) {
      copy.put(field.pos(), info.get(field.pos()));
    }
    copy.setContentEvidence(List.copyOf(content));
    return copy;
  }

  /** So many packets each way. */
  public static Volume volume(long packets) {
    return new Volume(
        packets,
        packets,
        100 * packets,
        1000 * packets,
        86 * packets,
        986 * packets,
        34 * packets,
        934 * packets);
  }
}
