package io.sidewire.benchmarks.faults;

import io.sidewire.benchmarks.MixedCapture;
import io.sidewire.capture.CaptureFileSource;
import io.sidewire.schemas.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * The captures of some hosts: recorded traffic with addresses of each host's own, again and again at a steady pace. One
 * host's clock is a year behind and another's three days ahead.
 */
final class Workload {
  private static final long SECOND = 1_000_000;
  private static final long DAY = 86_400 * SECOND;
  private static final long NOW = 1_780_000_000 * SECOND;
  /** Networks of one host. */
  private static final int NETWORKS = 4_000;
  /** The recorded traffic, whose longest part lasts 10 seconds, and a pause. */
  private static final long ROUND_MICROS = 11 * SECOND;

  private record Host(long clock, List<String> files) {}

  private static final List<Host> HOSTS = List.of(
      new Host(NOW, List.of("agent-full.pcap", "azure-h1-tls13-stream.pcap", "azure-curl.pcap")),
      new Host(NOW, List.of("mcp-http-everything.pcap", "azure-h1-tls13-json.pcap", "ipv6.pcap")),
      new Host(
          NOW - 365 * DAY, List.of("wan-loss.pcap", "ollama-plain.pcap", "other-providers.pcap")),
      new Host(
          NOW + 3 * DAY,
          List.of("mcp-sse-sdk1.9.pcap", "mcp-memory-supergateway.pcap", "mcp-v2-modern.pcapng")));

  private Workload() {}

  /**
   * Writes one capture for each host.
   *
   * @param partitions of the packets topic; names are chosen so that all of them have a host
   * @param seconds how long the captures are, about
   */
  static List<Path> write(Path folder, Path testdata, int partitions, int seconds)
      throws IOException {
    var written = new ArrayList<Path>();
    for (int i = 0; i < HOSTS.size(); i++) {
      Host host = HOSTS.get(i);
      Path file = folder.resolve(name(i, partitions));
      int rounds = (int) Math.max(1, seconds * SECOND / ROUND_MICROS);
      var plan =
          new MixedCapture.Plan(Long.MAX_VALUE, rounds, host.clock(), ROUND_MICROS, i * NETWORKS);
      MixedCapture.write(
          file, plan, host.files().stream().map(testdata::resolve).toList());
      written.add(file);
    }
    return written;
  }

  /** A name whose records go to the partition of this number. */
  private static String name(int number, int partitions) {
    for (int i = 0; ; i++) {
      String name = "host-" + number + "-" + i + ".pcap";
      byte[] key =
          Keys.packets(CaptureFileSource.hostOf(Path.of(name)), 0).getBytes(StandardCharsets.UTF_8);
      if (BuiltInPartitioner.partitionForKey(key, partitions) == number % partitions) {
        return name;
      }
    }
  }
}
