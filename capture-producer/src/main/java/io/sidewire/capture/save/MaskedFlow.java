package io.sidewire.capture.save;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Side;
import io.sidewire.wire.tcp.ReassemblyRules;
import io.sidewire.wire.tcp.TcpConnection;
import io.sidewire.wire.tcp.TcpSegment;
import io.sidewire.wire.tcp.TcpSink;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Both directions of one TCP connection, and the frames of it that wait for their bytes to be decided. */
final class MaskedFlow implements TcpSink {
  /** Decided bytes kept for retransmissions. */
  private static final int KEPT = 8 << 10;

  private static final int LARGE_GAP = 64 << 10;

  private final TcpConnection connection;
  private final MaskedBytes[] decided = {new MaskedBytes(), new MaskedBytes()};
  private final StreamMask[] masks = new StreamMask[2];
  private final long[] delivered = {-1, -1};
  private final List<SavedFrame> waiting = new ArrayList<>();

  MaskedFlow(
      ReassemblyRules rules, Pseudonyms pseudonyms, FieldMask fields, ZeroedParts.Flow zeroed) {
    connection = new TcpConnection(rules, this);
    var shared = new StreamMask.Shared();
    for (int side = 0; side < 2; side++) {
      masks[side] = new StreamMask(decided[side], pseudonyms, fields, shared, zeroed);
    }
  }

  boolean startsAnew(TcpSegment segment) {
    return connection.startsAnew(segment);
  }

  /** Takes a segment and its frame, which may have to wait. */
  void take(TcpSegment segment, SavedFrame frame) {
    if (frame.payloadLength > 0) {
      frame.flow = this;
      frame.decided = false;
      waiting.add(frame);
    }
    connection.take(segment);
    settle();
  }

  /** Time passes: holes are given up. */
  void expire(long nowMicros) {
    if (connection.waits()) {
      connection.expire(nowMicros);
      settle();
    }
  }

  /** The frame waited long enough: what is not decided of it is not written. */
  void force(SavedFrame frame) {
    MaskedBytes masked = decided[frame.side];
    long behind = delivered[frame.side];
    if (behind >= 0 && (int) behind - frame.end() >= 0) {
      masks[frame.side].release(); // its bytes are there, but not what follows them
    }
    settle();
    if (!frame.decided) {
      waiting.remove(frame);
      frame.replace(masked);
    }
  }

  /** Nothing follows: decides about all that waits. */
  void finish(long timeMicros) {
    connection.finish(timeMicros);
    masks[0].release();
    masks[1].release();
    settle();
    for (SavedFrame frame : waiting) {
      frame.replace(decided[frame.side]);
    }
    waiting.clear();
  }

  boolean waits() {
    return !waiting.isEmpty();
  }

  /** Memory that this flow holds, nearly. */
  int cost() {
    return 1024 + decided[0].cost() + decided[1].cost();
  }

  private void settle() {
    settleFrames();
    decided[0].trim(KEPT);
    decided[1].trim(KEPT);
  }

  private void settleFrames() {
    for (Iterator<SavedFrame> each = waiting.iterator(); each.hasNext(); ) {
      SavedFrame frame = each.next();
      MaskedBytes masked = decided[frame.side];
      if (masked.reaches(frame.end())) {
        frame.replace(masked);
        each.remove();
      }
    }
  }

  // ------------------------------------------------------------------ the stream

  @Override
  public void onData(
      Side from, byte[] bytes, int offset, int length, long timeMicros, long sequence) {
    int side = from.ordinal();
    if (delivered[side] != sequence) {
      settleFrames();
      decided[side].moveTo((int) sequence);
    }
    delivered[side] = sequence + length & 0xffffffffL;
    masks[side].data(bytes, offset, length);
  }

  @Override
  public void onGap(Side from, long missing, long timeMicros) {
    int side = from.ordinal();
    masks[side].gap(missing);
    if (delivered[side] < 0) {
      return;
    }
    if (missing <= LARGE_GAP) {
      decided[side].fill(0, (int) missing);
      delivered[side] = delivered[side] + missing & 0xffffffffL;
    }
  }

  @Override
  public void onCut(Side from, long missing, long timeMicros) {
    onGap(from, missing, timeMicros);
  }

  @Override
  public void onEnd(Side from, boolean reset, long timeMicros) {
    masks[from.ordinal()].release();
  }

  @Override
  public void onFlowEnd(long timeMicros) {
    // The connection does not tell it.
  }

  @Override
  public void onOddity(Anomaly kind, long timeMicros) {
    // The analysis counts it.
  }
}
