package io.sidewire.capture;

import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Tunnel;
import io.sidewire.schemas.Unflowed;

/** Sums over batches in which every captured packet counts once: inner tunnel flows do not count again. */
final class Volumes {
  private Volumes() {}

  static long packets(PacketBatch batch) {
    long sum = batch.getUnflowed().stream().mapToLong(Unflowed::getPackets).sum();
    return counts(batch)
        ? sum + batch.getVolume().getPacketsToServer() + batch.getVolume().getPacketsToClient()
        : sum;
  }

  static long frameBytes(PacketBatch batch) {
    long sum = batch.getUnflowed().stream().mapToLong(Unflowed::getFrameBytes).sum();
    return counts(batch)
        ? sum
            + batch.getVolume().getFrameBytesToServer()
            + batch.getVolume().getFrameBytesToClient()
        : sum;
  }

  private static boolean counts(PacketBatch batch) {
    return batch.getVolume() != null
        && (batch.getFlow().getTunnel() == Tunnel.NONE
            || batch.getFlow().getTunnel() == Tunnel.OUTER);
  }
}
