package io.sidewire.capture.process;

import io.sidewire.capture.Rights;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the process beside this one that may see whose sockets they are, so that the capture itself needs no right to.
 * While that one is away, what this process may see stands in for it.
 */
final class LookupClient implements SocketFinder {
  private static final Logger LOG = LoggerFactory.getLogger(LookupClient.class);
  private static final long RETRY_MILLIS = 500;

  private final Path socket;
  private final SocketFinder own;
  private SocketChannel channel;
  private DataInputStream in;
  private DataOutputStream out;
  private long tried = Long.MIN_VALUE / 2;
  private volatile boolean connected;
  private volatile long losses;
  private boolean said;

  LookupClient(Path socket, SocketFinder own) {
    this.socket = socket;
    this.own = own;
    connect();
  }

  @Override
  public List<LocalProcess> find(List<SocketSearch.End> ends) {
    var found = new ArrayList<LocalProcess>(ends.size());
    for (int from = 0; from < ends.size(); from += LookupWire.MAX_ENDS) {
      var part = ends.subList(from, Math.min(ends.size(), from + LookupWire.MAX_ENDS));
      List<LocalProcess> answer = ask(part);
      found.addAll(answer == null ? own.find(part) : answer);
    }
    return found;
  }

  /** Null where nobody answers. */
  private List<LocalProcess> ask(List<SocketSearch.End> ends) {
    if (!connect()) {
      return null;
    }
    try {
      LookupWire.writeQuestion(out, ends);
      return LookupWire.readAnswer(in, ends.size());
    } catch (IOException e) {
      losses++;
      disconnect();
      LOG.warn("the process lookup on {} is gone; it is looked for again", socket);
      return null;
    }
  }

  private boolean connect() {
    if (connected) {
      return true;
    }
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    if (now - tried < RETRY_MILLIS) {
      return false;
    }
    tried = now;
    try {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
      out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
      connected = true;
    } catch (IOException | RuntimeException e) {
      disconnect();
      if (!said) {
        said = true;
        LOG.info("no process lookup answers on {} yet", socket);
      }
    }
    return connected;
  }

  private void disconnect() {
    connected = false;
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("closing it failed: {}", e.getClass().getSimpleName());
    }
    channel = null;
  }

  @Override
  public Rights level() {
    return connected ? Rights.PROCESSES : own.level();
  }

  @Override
  public Map<String, String> settings() {
    var shown = new HashMap<>(own.settings());
    if (connected) {
      shown.put("processes", "all users");
    }
    shown.put("processLookup", connected ? "apart" : "away");
    if (losses > 0) {
      shown.put("processLookupLosses", Long.toString(losses));
    }
    return shown;
  }

  @Override
  public void close() {
    disconnect();
  }
}
