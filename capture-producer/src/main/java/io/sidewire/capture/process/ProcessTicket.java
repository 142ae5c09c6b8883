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
  private final CountDownLatch enough = new CountDownLatch(1);
  private volatile boolean done;
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
    return done;
  }

  /** Waits until the client is known, or nobody looks any more; at most so long. */
  public void await(long micros) throws InterruptedException {
    enough.await(micros, TimeUnit.MICROSECONDS);
  }

  /** What is known so far; null: not known, or not any more. */
  void found(LocalProcess client, LocalProcess server) {
    this.client = this.client == null ? client : this.client;
    this.server = this.server == null ? server : this.server;
    if (this.client != null) {
      enough.countDown();
    }
  }

  void resolve(LocalProcess client, LocalProcess server) {
    found(client, server);
    done = true;
    enough.countDown();
  }
}
