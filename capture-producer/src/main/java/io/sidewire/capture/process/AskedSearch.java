package io.sidewire.capture.process;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a {@link LookupMain} at its socket, and while that does not answer another search: a lookup that died or hangs
 * costs the processes of others, nothing else, until it is back.
 */
final class AskedSearch implements OwnerSearch {
  private static final Logger LOG = LoggerFactory.getLogger(AskedSearch.class);
  private static final long PATIENCE_MILLIS = 2_000;
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final UnixDomainSocketAddress address;
  private final OwnerSearch own;
  private final Runnable lost;
  private volatile Connection connection;
  private volatile Rights asked;
  private long tried = System.nanoTime() - RETRY_NANOS;

  AskedSearch(Path socket, OwnerSearch own, Runnable lost) {
    this.address = UnixDomainSocketAddress.of(socket);
    this.own = own;
    this.lost = lost;
    connect();
  }

  @Override
  public Rights sees() {
    Rights there = connection == null ? null : asked;
    return there == null || there.compareTo(own.sees()) < 0 ? own.sees() : there;
  }

  @Override
  public List<Owners> find(List<Wanted> wanted) {
    Connection there = connect();
    return there == null || wanted.size() > LookupWire.MOST ? own.find(wanted) : ask(there, wanted);
  }

  @Override
  public void close() {
    hangUp();
    own.close();
  }

  private List<Owners> ask(Connection there, List<Wanted> wanted) {
    var late = CompletableFuture.runAsync(
        this::hangUp, CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    try {
      LookupWire.ask(there.out, wanted);
      LookupWire.Answer answer = LookupWire.answer(there.in, wanted.size());
      asked = answer.sees();
      return answer.owners();
    } catch (IOException e) {
      hangUp();
      lost.run();
      LOG.warn(
          "the lookup of processes at {} does not answer ({}): asked again each second, until then other users'"
              + " flows have no process",
          address.getPath(),
          e.getClass().getSimpleName());
      return own.find(wanted);
    } finally {
      late.cancel(false);
    }
  }

  /** An empty question comes first: what the lookup may see is known before there is a flow. */
  private Connection connect() {
    Connection there = connection;
    long now = System.nanoTime();
    if (there != null || now - tried < RETRY_NANOS) {
      return there;
    }
    tried = now;
    try {
      var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(address);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      connection = new Connection(channel);
      ask(connection, List.of());
      return connection;
    } catch (IOException e) {
      LOG.debug("no lookup of processes at {}", address.getPath());
      return null;
    }
  }

  private void hangUp() {
    Connection there = connection;
    connection = null;
    if (there != null) {
      try {
        there.channel.close();
      } catch (IOException e) {
        LOG.debug("already closed");
      }
    }
  }

  private static final class Connection {
    final SocketChannel channel;
    final DataInputStream in;
    final DataOutputStream out;

    Connection(SocketChannel channel) {
      this.channel = channel;
      this.in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
      this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
    }
  }
}
