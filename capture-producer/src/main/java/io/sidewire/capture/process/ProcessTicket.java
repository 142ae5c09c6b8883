package io.sidewire.capture.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The local processes of one flow, once they are known; either end may be on another host. */
public final class ProcessTicket {
  /** For flows that nobody looks up. */
  public static final ProcessTicket NONE = new ProcessTicket(null);

  static {
    NONE.resolve(null, null);
  }

  final SocketPair sockets;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile LocalProcess client;
  private volatile LocalProcess server;
  /** Lookups begun for this ticket. */
  int attempts;

  ProcessTicket(SocketPair sockets) {
    this.sockets = sockets;
  }

  /** The process of the side that was the client when the flow began; null where it is not known. */
  public LocalProcess client() {
    return client;
  }

  /** The process of the other side. */
  public LocalProcess server() {
    return server;
  }

  /** True once no more will become known. */
  public boolean isDone() {
    return done.getCount() == 0;
  }

  /** Waits for {@link #isDone}, at most so long. */
  public void await(long micros) throws InterruptedException {
    done.await(micros, TimeUnit.MICROSECONDS);
  }

  void resolve(LocalProcess client, LocalProcess server) {
    this.client = client;
    this.server = server;
    done.countDown();
  }
}
