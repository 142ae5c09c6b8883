package io.sidewire.processor.fold;

import io.sidewire.rules.Facts;
import io.sidewire.rules.FlowTypeRules;
import io.sidewire.schemas.AnomalySeen;
import io.sidewire.schemas.ExchangeCount;
import io.sidewire.schemas.FlowInfo;
import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.McpSession;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Process;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.RpcResult;
import io.sidewire.schemas.TlsClientHello;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** What a flow shows of itself, from its batches, and the facts for the rules that come of it. */
final class FlowLearning {
  private FlowLearning() {}

  static FlowState begin(Scope scope, FlowInfo info) {
    var flow = new FlowRecord();
    flow.setFlowId(info.getFlowId());
    flow.setHost(scope.host());
    flow.setEpoch(scope.epoch());
    flow.setTransport(info.getTransport());
    flow.setClient(info.getClient());
    flow.setServer(info.getServer());
    flow.setTunnel(info.getTunnel());
    flow.setVlans(info.getVlans());
    flow.setFlowType(FlowTypeRules.OTHER);
    flow.setState(info.getState());
    flow.setFirstSeen(info.getFirstSeen());
    flow.setLastSeen(info.getFirstSeen());
    flow.setAnomalies(new HashMap<>());
    var state = new FlowState();
    state.setFlow(flow);
    state.setLabel(ExchangeCount.text(info.getServer()));
    state.setContent(new ArrayList<>());
    state.setLastExchange(-1L);
    return state;
  }

  /** Takes the facts of a batch; true where they may change the type. */
  static boolean take(FlowState state, PacketBatch batch) {
    FlowInfo info = batch.getFlow();
    FlowRecord flow = state.getFlow();
    flow.setCommunityId(info.getCommunityId());
    flow.setClientKnown(info.getClientKnown());
    flow.setHandshakeRttMicros(info.getHandshakeRttMicros());
    flow.setAlpn(orElse(info.getAlpn(), flow.getAlpn()));
    flow.setTlsVersion(orElse(info.getTlsVersion(), flow.getTlsVersion()));
    flow.setJa4(orElse(info.getJa4(), flow.getJa4()));
    if (!flow.getFinal$()) {
      flow.setState(info.getState());
    }
    boolean news = processes(flow, info) | ownName(state, info.getServerName());
    for (String shown : info.getContentEvidence()) {
      if (!state.getContent().contains(shown)) {
        state.getContent().add(shown);
        news = true;
      }
    }
    for (Object seen : batch.getObservations()) {
      state.setLastExchange(Math.max(state.getLastExchange(), Observed.exchangeOf(seen)));
      if (seen instanceof Request request) {
        flow.setExchanges(flow.getExchanges() + 1);
        news |= request(state, request);
      } else if (seen instanceof TlsClientHello hello) {
        news |= hello(state, hello);
      } else if (seen instanceof AnomalySeen anomaly) {
        flow.getAnomalies().merge(anomaly.getKind(), 1L, Long::sum);
      } else if (seen instanceof RpcCall
          || seen instanceof RpcResult
          || seen instanceof McpSession) {
        state.setRpc(true);
      }
    }
    return news;
  }

  static Facts facts(FlowState state) {
    FlowRecord flow = state.getFlow();
    var names = new ArrayList<String>(3);
    addKnown(names, state.getOwnName());
    addKnown(names, state.getAuthority());
    addKnown(names, state.getResolvedName());
    var processes = new ArrayList<String>(2);
    addKnown(processes, flow.getProcess() == null ? null : flow.getProcess().getCommand());
    addKnown(
        processes,
        flow.getServerProcess() == null ? null : flow.getServerProcess().getCommand());
    Integer port = flow.getServer().getPort();
    return new Facts(
        flow.getTransport(),
        flow.getServer().getAddress(),
        port == null ? -1 : port,
        names,
        state.getPath(),
        flow.getAlpn(),
        processes,
        state.getContent());
  }

  private static boolean processes(FlowRecord flow, FlowInfo info) {
    Process client = orElse(info.getClientProcess(), flow.getProcess());
    Process server = orElse(info.getServerProcess(), flow.getServerProcess());
    boolean news = !same(client, flow.getProcess()) || !same(server, flow.getServerProcess());
    flow.setProcess(client);
    flow.setServerProcess(server);
    return news;
  }

  private static boolean request(FlowState state, Request request) {
    boolean news = false;
    if (request.getAuthority() != null && state.getAuthority() == null) {
      state.setAuthority(request.getAuthority());
      news = true;
    }
    // The latest path: a type that is open may hang on it.
    if (request.getPath() != null && !state.getSettled()) {
      news |= !request.getPath().equals(state.getPath());
      state.setPath(request.getPath());
    }
    return news;
  }

  private static boolean hello(FlowState state, TlsClientHello hello) {
    boolean news = !state.getHello();
    if (news) {
      state.setHello(true);
      state.setHelloExchanges(state.getFlow().getExchanges());
    }
    return ownName(state, hello.getServerName()) || news;
  }

  private static boolean ownName(FlowState state, String name) {
    if (name == null || name.equals(state.getOwnName())) {
      return false;
    }
    state.setOwnName(name);
    return true;
  }

  private static void addKnown(List<String> names, String name) {
    if (name != null) {
      names.add(name);
    }
  }

  static boolean same(Object a, Object b) {
    return a == null ? b == null : a.equals(b);
  }

  static <T> T orElse(T value, T other) {
    return value != null ? value : other;
  }
}
