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
    if (!out.wantsVolume()) {
      return;
    }
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
    if (batch.getVolume() != null) {
      // One without packets tells of the flow's end, perhaps much later.
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
    if (!out.wantsVolume()) {
      return;
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
      keep(scope, state, window, volume, opened ? 1 : 0);
    }
  }

  /** Keeps volume that may have to move: of the window in hand beside the flow, of others in their store. */
  private void keep(Scope scope, FlowState state, long window, Volume volume, long opened) {
    FlowWindow kept = state.getKept();
    if (kept == null || window > kept.getWindow()) {
      if (kept != null) {
        keepOlder(scope, state, kept);
        forgetOldest(scope, state, window);
      }
      kept = new FlowWindow(window, new Volume(), 0L);
      state.setKept(kept);
    } else if (window < kept.getWindow()) {
      keepOlder(scope, state, new FlowWindow(window, volume, opened));
      return;
    }
    Volumes.add(kept.getVolume(), volume, 1);
    kept.setFlows(kept.getFlows() + opened);
  }

  private void keepOlder(Scope scope, FlowState state, FlowWindow more) {
    String key = prefix(scope, state) + StateKeys.number(more.getWindow());
    FlowWindow kept = state.getOlder() ? history.get(key) : null;
    if (kept == null) {
      kept = new FlowWindow(more.getWindow(), new Volume(), 0L);
    }
    Volumes.add(kept.getVolume(), more.getVolume(), 1);
    kept.setFlows(kept.getFlows() + more.getFlows());
    history.put(key, kept);
    state.setOlder(true);
  }

  private void forgetOldest(Scope scope, FlowState state, long window) {
    String prefix = prefix(scope, state);
    String end = prefix + StateKeys.number(window - limits.moveMemory());
    history.range(prefix, end, (key, kept) -> history.remove(key));
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
    List<FlowWindow> windows = new ArrayList<>();
    if (state.getOlder()) {
      history.prefix(prefix(scope, state), (key, kept) -> windows.add(kept));
    }
    if (state.getKept() != null) {
      windows.add(state.getKept());
    }
    for (FlowWindow kept : windows) {
      if (kept.getWindow() < scope.clock() - limits.rowMemory()) {
        continue;
      }
      long window = kept.getWindow();
      long opened = kept.getFlows();
      Volume before = kept.getVolume();
      Volume after = swapped ? Volumes.swapped(before) : before;
      out.volume(
          scope,
          new VolumeChange(window, oldType, oldLabel, Volumes.negated(before), -opened, 0, 0));
      out.volume(
          scope,
          new VolumeChange(window, flow.getFlowType(), state.getLabel(), after, opened, 0, 0));
      if (swapped) {
        kept.setVolume(after);
        if (kept != state.getKept()) {
          history.put(prefix(scope, state) + StateKeys.number(window), kept);
        }
      }
    }
  }

  /** The flow's type is settled, or the flow is gone: nothing of it will move. */
  void forget(Scope scope, FlowState state) {
    state.setKept(null);
    if (state.getOlder()) {
      state.setOlder(false);
      history.removePrefix(prefix(scope, state));
    }
  }

  private static String prefix(Scope scope, FlowState state) {
    return StateKeys.prefix(scope.key(), StateKeys.text(state.getFlow().getFlowId()));
  }

  void onEnd(Scope scope) {
    history.removePrefix(StateKeys.prefix(scope.key()));
  }
}
