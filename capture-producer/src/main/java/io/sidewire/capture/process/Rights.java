package io.sidewire.capture.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a capture may see of whose packets they are, by name: {@code packets}, {@code containers} or {@code processes},
 * each with what those before it see.
 */
public enum Rights {
  /** Packets, and the processes of this user alone. */
  PACKETS,
  /** The containers of others besides, by the host's cgroups, but no process of theirs. */
  CONTAINERS,
  /** Whose sockets they are, too. Who may look that up may read any file. */
  PROCESSES;

  private static final String EFFECTIVE = "CapEff:";
  private static final int DAC_READ_SEARCH = 2;
  private static final int SYS_PTRACE = 19;
  /** What the kernel calls the first namespace of processes, on every host since Linux 3.8. */
  private static final String HOST_PIDS = "pid:[4026531836]";

  /** Those of this process; on other systems than Linux, packets. */
  public static Rights ofThisProcess() {
    return ofThisProcess(Path.of("/proc"));
  }

  /**
   * Those of this process.
   *
   * @param proc where the host's {@code /proc} is mounted
   */
  public static Rights ofThisProcess(Path proc) {
    try {
      return of(Files.readString(Path.of("/proc/self/status")), seesHost(proc));
    } catch (IOException e) {
      return PACKETS;
    }
  }

  /** As settings and people write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Those that follow from the text of {@code /proc/…/status}.
   *
   * @param host the processes of the host are listed, not only those of a container
   */
  static Rights of(String status, boolean host) {
    return status
            .lines()
            .filter(line -> line.startsWith(EFFECTIVE))
            .map(line -> line.substring(EFFECTIVE.length()).strip())
            .filter(mask -> mask.matches("[0-9a-f]{1,16}"))
            .mapToLong(mask -> Long.parseUnsignedLong(mask, 16))
            .anyMatch(mask -> has(mask, DAC_READ_SEARCH) && has(mask, SYS_PTRACE))
        ? PROCESSES
        : host ? CONTAINERS : PACKETS;
  }

  private static boolean seesHost(Path proc) throws IOException {
    if (!Files.isReadable(proc.resolve("1/cgroup"))
        || !Files.isReadable(proc.resolve("1/net/tcp"))) {
      return false; // mounted with hidepid, or no /proc
    }
    return !proc.equals(Path.of("/proc"))
        || Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString().equals(HOST_PIDS);
  }

  private static boolean has(long mask, int capability) {
    return (mask >>> capability & 1) == 1;
  }
}
