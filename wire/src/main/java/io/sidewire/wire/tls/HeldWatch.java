package io.sidewire.wire.tls;

import io.sidewire.wire.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps what was told of a connection until it is known whether somebody must infer from it. */
final class HeldWatch implements RecordWatch {
  private static final RecordWatch NOBODY = new HeldWatch(true);

  private List<Consumer<RecordWatch>> held = new ArrayList<>();
  private RecordWatch to;
  private final boolean deaf;

  HeldWatch() {
    this(false);
  }

  private HeldWatch(boolean deaf) {
    this.deaf = deaf;
  }

  /** Told and kept so far. */
  int size() {
    return held.size();
  }

  /** Tells all of it, and what comes, to {@code watch}. */
  void release(RecordWatch watch) {
    List<Consumer<RecordWatch>> told = held;
    held = new ArrayList<>();
    to = watch;
    told.forEach(event -> event.accept(watch));
  }

  /** Nobody needs it. */
  void discard() {
    held = new ArrayList<>();
    to = NOBODY;
  }

  private void tell(Consumer<RecordWatch> event) {
    if (to != null) {
      event.accept(to);
    } else if (!deaf) {
      held.add(event);
    }
  }

  @Override
  public void handshakeBegan() {
    tell(RecordWatch::handshakeBegan);
  }

  @Override
  public void clientHello(Hello hello, long time) {
    tell(watch -> watch.clientHello(hello, time));
  }

  @Override
  public void serverHello(ServerHelloMessage answer, Hello hello, long time) {
    tell(watch -> watch.serverHello(answer, hello, time));
  }

  @Override
  public void handshakeRecord(Side side) {
    tell(watch -> watch.handshakeRecord(side));
  }

  @Override
  public void record(Side side, int length, long start, long end) {
    tell(watch -> watch.record(side, length, start, end));
  }

  @Override
  public void onGap(Side side) {
    tell(watch -> watch.onGap(side));
  }

  @Override
  public void recordsLost(Side side) {
    tell(watch -> watch.recordsLost(side));
  }

  @Override
  public void onTime(long now) {
    if (to != null) {
      to.onTime(now); // silence is told of later again
    }
  }

  @Override
  public void onEnd(Side side) {
    tell(watch -> watch.onEnd(side));
  }

  @Override
  public void onFlowEnd(long time) {
    tell(watch -> watch.onFlowEnd(time));
  }
}
