package io.sidewire.capture;

import io.sidewire.capture.CaptureCounters.Count;
import io.sidewire.capture.CaptureException.Kind;
import io.sidewire.capture.process.Rights;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.PcapStat;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Packets of a live interface through libpcap: pcap4j opens, filters, tunes and counts; reading is {@link NativePcap}. */
public final class LivePcapSource implements PacketSource {
  /** Cooked Linux packets with the number of their interface. */
  static final int LINUX_SLL2 = 276;

  private static final Logger LOG = LoggerFactory.getLogger(LivePcapSource.class);

  /*
   * A kernel block is handed out when it is full or this old. Not immediate mode: there each packet takes a slot of the
   * full snapshot length, and a ring of 16 MiB holds 64 packets. Blocks are of 256 KiB, and on a quiet interface each is
   * handed out nearly empty: number of blocks times this age is how long a reader may be held up before packets are lost
   * (16 MiB: 1.6 s), and this age is what capture adds to the delay of the live view.
   */
  private static final int BLOCK_MILLIS = 25;

  private static final int POLL_MILLIS = 100;
  private static final int BURST = 4096;
  private static final long STATS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long FIRST_REFILTER_MILLIS = 1_000;
  private static final long MAX_REFILTER_MILLIS = 30_000;

  private final CaptureConfig config;
  private final OwnTraffic own;
  private final CaptureCounters counters;
  private final String interfaceName;
  private final PcapHandle handle;
  private final CaptureInput input;
  private final int linkType;
  private volatile boolean stopped;
  private volatile String filter;
  /** What the filter should be by now; set beside the capture thread, because names may be slow to resolve. */
  private volatile String wantedFilter;

  private volatile Thread reader;
  private final KernelDrops drops;
  private long statsRead;
  private long delivered;

  private LivePcapSource(
      CaptureConfig config, OwnTraffic own, CaptureCounters counters, PcapHandle handle) {
    this.config = config;
    this.own = own;
    this.counters = counters;
    this.handle = handle;
    this.interfaceName = config.get(CaptureConfig.INTERFACE);
    this.linkType = handle.getDlt().value();
    this.drops = new KernelDrops(interfaceName.equals("lo"));
    this.filter = handle.getFilteringExpression();
    this.input = new CaptureInput(hostId(config), startId(), false, settings());
  }

  /**
   * Opens the interface of the settings, so that what is wrong shows at once.
   *
   * @param own endpoints to leave out, unless the settings include them
   * @throws CaptureException naming the fix
   */
  public static LivePcapSource open(
      CaptureConfig config, OwnTraffic own, CaptureCounters counters) {
    OwnTraffic left = config.get(CaptureConfig.INCLUDE_SELF) ? OwnTraffic.none() : own;
    String name = config.get(CaptureConfig.INTERFACE);
    PcapHandle handle = null;
    try {
      Interfaces.check(name);
      handle = new PcapHandle.Builder(name)
          .snaplen(config.get(CaptureConfig.SNAPLEN))
          .bufferSize(config.get(CaptureConfig.RING))
          .timeoutMillis(BLOCK_MILLIS)
          .promiscuousMode(promiscuous(config, name))
          .build();
      if (name.equals("any") && handle.listDatalinks().stream().anyMatch(LivePcapSource::isSll2)) {
        handle.setDlt(new DataLinkType(LINUX_SLL2, "LINUX_SLL2"));
      }
      setFilter(handle, compose(config, left));
      return new LivePcapSource(config, left, counters, handle);
    } catch (PcapNativeException e) {
      close(handle);
      throw Interfaces.explain(name, e);
    } catch (NotOpenException e) {
      throw new CaptureException(Kind.FAILURE, "capture on " + name + " was closed", e);
    } catch (CaptureException e) {
      close(handle);
      throw e;
    } catch (LinkageError e) {
      throw Interfaces.noLibrary(e);
    }
  }

  /** The BPF expression in use. */
  public String filter() {
    return filter;
  }

  @Override
  public boolean live() {
    return true;
  }

  @Override
  public void run(FrameSink out) throws InterruptedException {
    reader = Thread.currentThread();
    var pcap = new NativePcap(handle);
    FrameBytes bytes = pcap::copyTo;
    out.begin(input);
    Thread watcher = new Thread(this::watchOwnEndpoints, "sidewire-own-endpoints");
    watcher.setDaemon(true);
    watcher.start();
    int result = 0;
    while (!stopped && result >= 0) {
      int read = 0;
      while (read < BURST && (result = pcap.next()) == 1) {
        out.frame(linkType, pcap.captured(), pcap.wireLength(), pcap.timeMicros(), bytes);
        read++;
      }
      delivered += read;
      out.flush();
      readStats(result == 0, false);
      refilter();
      if (result == 0) {
        pcap.await(POLL_MILLIS);
      }
    }
    watcher.interrupt();
    readStats(result == 0, true);
    String error = result < 0 && !stopped ? pcap.error() : null;
    out.end();
    if (error != null) {
      throw new CaptureException(
          Kind.INTERFACE,
          "capture on " + interfaceName + " ended: " + error + "; start it again"
              + " when the interface is back");
    }
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public void close() {
    stop();
    Thread thread = reader;
    try {
      if (thread != null && thread != Thread.currentThread()) {
        thread.join(TimeUnit.SECONDS.toMillis(2)); // the handle must not go while it is read from
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (handle.isOpen()) {
      handle.close();
    }
  }

  /** Adds what the kernel and the interface have lost since the last look. */
  private void readStats(boolean drained, boolean now) {
    if (!now && System.nanoTime() - statsRead < STATS_NANOS) {
      return;
    }
    statsRead = System.nanoTime();
    try {
      PcapStat stats = handle.getStats();
      drops.update(
          stats.getNumPacketsReceived(),
          stats.getNumPacketsDropped(),
          stats.getNumPacketsDroppedByIf(),
          delivered,
          drained);
      counters.add(Count.DROPPED_BY_KERNEL, drops.takeKernel());
      counters.add(Count.DROPPED_BY_INTERFACE, drops.takeInterface());
    } catch (PcapNativeException | NotOpenException e) {
      LOG.debug("no statistics of {}: {}", interfaceName, e.getMessage());
    }
  }

  private void watchOwnEndpoints() {
    long pause = FIRST_REFILTER_MILLIS;
    try {
      while (!stopped) {
        Thread.sleep(pause);
        pause = Math.min(2 * pause, MAX_REFILTER_MILLIS);
        wantedFilter = compose(config, own);
      }
    } catch (InterruptedException e) {
      // The capture ended.
    }
  }

  /** Own endpoints may have moved: leaves out those of now. */
  private void refilter() {
    String wanted = wantedFilter;
    if (wanted == null || wanted.equals(filter)) {
      return;
    }
    wantedFilter = null;
    try {
      setFilter(handle, wanted);
      filter = wanted;
      LOG.info("own endpoints changed; filter is now: {}", wanted);
    } catch (CaptureException | NotOpenException e) {
      LOG.warn("own endpoints changed, but the filter stays: {}", e.getMessage());
    }
  }

  private static void setFilter(PcapHandle handle, String filter) throws NotOpenException {
    try {
      handle.setFilter(filter, BpfCompileMode.OPTIMIZE);
    } catch (PcapNativeException e) {
      throw new CaptureException(
          Kind.FILTER,
          "libpcap does not accept the filter \"" + filter + "\": " + handle.getError()
              + ". The language is that of tcpdump, see man pcap-filter",
          e);
    }
  }

  private static String compose(CaptureConfig config, OwnTraffic own) {
    return CaptureFilter.compose(
        config.get(CaptureConfig.MODE),
        config.get(CaptureConfig.PORTS),
        config.get(CaptureConfig.FILTER),
        own.filter());
  }

  private static PromiscuousMode promiscuous(CaptureConfig config, String name) {
    boolean wanted =
        config.get(CaptureConfig.PROMISCUOUS) && !List.of("any", "lo").contains(name);
    return wanted ? PromiscuousMode.PROMISCUOUS : PromiscuousMode.NONPROMISCUOUS;
  }

  private static boolean isSll2(DataLinkType type) {
    return type.value() == LINUX_SLL2;
  }

  private Map<String, String> settings() {
    var out = new TreeMap<String, String>();
    out.put("source", "live");
    out.put("interface", interfaceName);
    out.put("filter", filter == null ? "" : filter);
    out.put("mode", config.get(CaptureConfig.MODE).text());
    out.put("snaplen", config.get(CaptureConfig.SNAPLEN).toString());
    out.put("keylog", config.get(CaptureConfig.KEYLOG).isEmpty() ? "off" : "on");
    out.put(
        "rights", Rights.ofThisProcess(Path.of(config.get(CaptureConfig.PROC))).text());
    return out;
  }

  private static String hostId(CaptureConfig config) {
    String given = config.get(CaptureConfig.HOST_ID);
    return given != null ? given : HostNames.local();
  }

  /** Time and chance: sorts by start, and no two are equal. */
  private static String startId() {
    return String.format("%012x-%08x", System.currentTimeMillis(), new SecureRandom().nextInt());
  }

  private static void close(PcapHandle handle) {
    if (handle != null) {
      handle.close();
    }
  }
}
