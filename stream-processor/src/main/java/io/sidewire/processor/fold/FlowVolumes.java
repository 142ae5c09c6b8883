package io.sidewire.processor.fold;

import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.FlowState;
import io.sidewire.schemas.FlowWindow;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.TcpCounts;
import io.sidewire.schemas.Tunnel;
import io.sidewire.schemas.Unflowed;
import io.sidewire.schemas.Volume;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the volume of flows stands, and how it moves.
 *
 * <p>While the type of a flow is open, its volume of each window is kept beside it. When type or name change, the volume
 * is taken from where it stood and added where it belongs, so that the sum over all rows never changes.
 */
final class FlowVolumes {
  private final Limits limits;
  private final StateMap<FlowWindow> history;
  private final FlowFold.Out out;

  FlowVolumes(Limits limits, StateMap<FlowWindow> history, FlowFold.Out out) {
    this.limits = limits;
    this.history = history;
    this.out = out;
  }

  void unflowed(Scope scope, PacketBatch batch) {
    for (Unflowed unflowed : batch.getUnflowed()) {
      var volume = new Volume();
      volume.setPacketsToServer(unflowed.getPackets());
      volume.setFrameBytesToServer(unflowed.getFrameBytes());
      fresh(scope, batch, unflowed.getFlowType(), unflowed.getReason(), volume, 0);
    }
  }

  /** Counts the batch where the flow stands now, and keeps what may have to move. */
  void count(Scope scope, FlowState state, PacketBatch batch, boolean opened) {
    FlowRecord flow = state.getFlow();
    Volume volume = Volumes.of(batch);
    if (batch.getVolume()
        != null) { // one without packets tells of the flow's end, perhaps much later
      flow.setLastSeen(Math.max(flow.getLastSeen(), batch.getEnd()));
    }
    flow.setFirstSeen(Math.min(flow.getFirstSeen(), batch.getFlow().getFirstSeen()));
    Volumes.add(flow, volume);
    TcpCounts tcp = batch.getTcp();
    if (tcp != null) {
      flow.setRetransmissions(flow.getRetransmissions() + tcp.getRetransmissions());
      flow.setOutOfOrder(flow.getOutOfOrder() + tcp.getOutOfOrder());
      flow.setDuplicates(flow.getDuplicates() + tcp.getDuplicates());
      flow.setGapBytes(flow.getGapBytes() + tcp.getGapBytes());
      flow.setZeroWindows(flow.getZeroWindows() + tcp.getZeroWindows());
    }
    Tunnel tunnel = flow.getTunnel();
    if (tunnel == Tunnel.INNER || tunnel == Tunnel.MID) {
      return; // its bytes are counted in the tunnel's own flow
    }
    if (Volumes.isZero(volume) && !opened) {
      return;
    }
    long window = fresh(scope, batch, flow.getFlowType(), state.getLabel(), volume, opened ? 1 : 0);
    if (!state.getSettled()) {
      keep(scope, flow.getFlowId(), window, volume, opened ? 1 : 0);
    }
  }

  private void keep(Scope scope, String flowId, long window, Volume volume, long opened) {
    String prefix = StateKeys.prefix(scope.key(), flowId);
    String key = prefix + StateKeys.number(window);
    FlowWindow kept = history.get(key);
    if (kept == null) {
      kept = new FlowWindow(new Volume(), 0L);
      history.range(
          prefix,
          prefix + StateKeys.number(window - limits.moveMemory()),
          (old, value) -> history.remove(old));
    }
    Volumes.add(kept.getVolume(), volume, 1);
    kept.setFlows(kept.getFlows() + opened);
    history.put(key, kept);
  }

  /** Tells new volume; the answer is the window that took it. */
  private long fresh(
      Scope scope, PacketBatch batch, String type, String label, Volume volume, long opened) {
    long window = Windows.of(batch.getStart());
    long packets = Volumes.packets(volume);
    long late = window + Windows.MICROS + limits.grace() < scope.clock() ? packets : 0;
    if (window < scope.clock() - limits.rowMemory()) {
      // Its row is out of reach; nothing may be lost, so the window of the clock takes it.
      window = Windows.of(scope.clock());
    }
    out.volume(scope, new VolumeChange(window, type, label, volume, opened, packets, late));
    return window;
  }

  /** Moves the kept volume from where it stood to where the flow stands now. */
  void restate(Scope scope, FlowState state, String oldType, String oldLabel, boolean swapped) {
    FlowRecord flow = state.getFlow();
    List<String> windows = new ArrayList<>();
    history.prefix(
        StateKeys.prefix(scope.key(), flow.getFlowId()), (key, kept) -> windows.add(key));
    for (String key : windows) {
      long window = StateKeys.toNumber(StateKeys.last(key));
      FlowWindow kept = history.get(key);
      if (kept == null || window < scope.clock() - limits.rowMemory()) {
        continue;
      }
      Volume before = kept.getVolume();
      Volume after = swapped ? Volumes.swapped(before) : before;
      long opened = kept.getFlows();
      out.volume(
          scope,
          new VolumeChange(window, oldType, oldLabel, Volumes.negated(before), -opened, 0, 0));
      out.volume(
          scope,
          new VolumeChange(window, flow.getFlowType(), state.getLabel(), after, opened, 0, 0));
      if (swapped) {
        history.put(key, new FlowWindow(after, opened));
      }
    }
  }

  /** The flow's type is settled, or the flow is gone: nothing of it will move. */
  void forget(Scope scope, String flowId) {
    history.removePrefix(StateKeys.prefix(scope.key(), flowId));
  }

  void onEnd(Scope scope) {
    history.removePrefix(StateKeys.prefix(scope.key()));
  }
}
