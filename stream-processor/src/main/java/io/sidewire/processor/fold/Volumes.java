package io.sidewire.processor.fold;

import io.sidewire.schemas.FlowRecord;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.PacketMeta;
import io.sidewire.schemas.Volume;

/** Arithmetic of volumes. They may be negative: a volume that moves is taken from where it stood. */
final class Volumes {
  private static final int TO_CLIENT = 1;

  private Volumes() {}

  /** The volume of a batch; summed from its packets where it has no totals. */
  static Volume of(PacketBatch batch) {
    Volume totals = batch.getVolume();
    if (totals != null) {
      return totals;
    }
    var sum = new Volume();
    for (PacketMeta packet : batch.getPackets()) {
      if ((packet.getFlags() & TO_CLIENT) == 0) {
        sum.setPacketsToServer(sum.getPacketsToServer() + 1);
        sum.setFrameBytesToServer(sum.getFrameBytesToServer() + packet.getFrameBytes());
        sum.setPayloadBytesToServer(sum.getPayloadBytesToServer() + packet.getPayloadBytes());
      } else {
        sum.setPacketsToClient(sum.getPacketsToClient() + 1);
        sum.setFrameBytesToClient(sum.getFrameBytesToClient() + packet.getFrameBytes());
        sum.setPayloadBytesToClient(sum.getPayloadBytesToClient() + packet.getPayloadBytes());
      }
    }
    return sum;
  }

  /** {@code sum + sign · volume}, in place. */
  static void add(Volume sum, Volume volume, int sign) {
    sum.setPacketsToServer(sum.getPacketsToServer() + sign * volume.getPacketsToServer());
    sum.setPacketsToClient(sum.getPacketsToClient() + sign * volume.getPacketsToClient());
    sum.setFrameBytesToServer(sum.getFrameBytesToServer() + sign * volume.getFrameBytesToServer());
    sum.setFrameBytesToClient(sum.getFrameBytesToClient() + sign * volume.getFrameBytesToClient());
    sum.setIpBytesToServer(sum.getIpBytesToServer() + sign * volume.getIpBytesToServer());
    sum.setIpBytesToClient(sum.getIpBytesToClient() + sign * volume.getIpBytesToClient());
    sum.setPayloadBytesToServer(
        sum.getPayloadBytesToServer() + sign * volume.getPayloadBytesToServer());
    sum.setPayloadBytesToClient(
        sum.getPayloadBytesToClient() + sign * volume.getPayloadBytesToClient());
  }

  static Volume negated(Volume volume) {
    var out = new Volume();
    add(out, volume, -1);
    return out;
  }

  /** The same volume with client and server in each other's place. */
  static Volume swapped(Volume volume) {
    return new Volume(
        volume.getPacketsToClient(),
        volume.getPacketsToServer(),
        volume.getFrameBytesToClient(),
        volume.getFrameBytesToServer(),
        volume.getIpBytesToClient(),
        volume.getIpBytesToServer(),
        volume.getPayloadBytesToClient(),
        volume.getPayloadBytesToServer());
  }

  static long packets(Volume volume) {
    return volume.getPacketsToServer() + volume.getPacketsToClient();
  }

  static boolean isZero(Volume volume) {
    return packets(volume) == 0
        && volume.getFrameBytesToServer() == 0
        && volume.getFrameBytesToClient() == 0;
  }

  static void add(FlowRecord flow, Volume volume) {
    flow.setPacketsToServer(flow.getPacketsToServer() + volume.getPacketsToServer());
    flow.setPacketsToClient(flow.getPacketsToClient() + volume.getPacketsToClient());
    flow.setFrameBytesToServer(flow.getFrameBytesToServer() + volume.getFrameBytesToServer());
    flow.setFrameBytesToClient(flow.getFrameBytesToClient() + volume.getFrameBytesToClient());
    flow.setIpBytesToServer(flow.getIpBytesToServer() + volume.getIpBytesToServer());
    flow.setIpBytesToClient(flow.getIpBytesToClient() + volume.getIpBytesToClient());
    flow.setPayloadBytesToServer(flow.getPayloadBytesToServer() + volume.getPayloadBytesToServer());
    flow.setPayloadBytesToClient(flow.getPayloadBytesToClient() + volume.getPayloadBytesToClient());
  }

  /** The flow's totals with client and server in each other's place. */
  static void swap(FlowRecord flow) {
    var totals = new Volume(
        flow.getPacketsToServer(),
        flow.getPacketsToClient(),
        flow.getFrameBytesToServer(),
        flow.getFrameBytesToClient(),
        flow.getIpBytesToServer(),
        flow.getIpBytesToClient(),
        flow.getPayloadBytesToServer(),
        flow.getPayloadBytesToClient());
    flow.setPacketsToServer(totals.getPacketsToClient());
    flow.setPacketsToClient(totals.getPacketsToServer());
    flow.setFrameBytesToServer(totals.getFrameBytesToClient());
    flow.setFrameBytesToClient(totals.getFrameBytesToServer());
    flow.setIpBytesToServer(totals.getIpBytesToClient());
    flow.setIpBytesToClient(totals.getIpBytesToServer());
    flow.setPayloadBytesToServer(totals.getPayloadBytesToClient());
    flow.setPayloadBytesToClient(totals.getPayloadBytesToServer());
  }
}
