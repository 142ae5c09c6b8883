package io.sidewire.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may see, by name: {@code packets}, or {@code processes} of other users as well. */
public enum Rights {
  /** Packets, and the processes of this user alone. */
  PACKETS,
  /** Whose sockets they are, too. Who may look that up may read any file. */
  PROCESSES;

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String EFFECTIVE = "CapEff:";
  private static final int DAC_READ_SEARCH = 2;
  private static final int SYS_PTRACE = 19;

  /** Those of this process; on other systems than Linux, packets. */
  public static Rights ofThisProcess() {
    try {
      return of(Files.readString(STATUS));
    } catch (IOException e) {
      return PACKETS;
    }
  }

  /** By the text of {@code /proc/…/status}. */
  static Rights of(String status) {
    return status
            .lines()
            .filter(line -> line.startsWith(EFFECTIVE))
            .map(line -> line.substring(EFFECTIVE.length()).strip())
            .filter(mask -> mask.matches("[0-9a-f]{1,16}"))
            .mapToLong(mask -> Long.parseUnsignedLong(mask, 16))
            .anyMatch(mask -> has(mask, DAC_READ_SEARCH) && has(mask, SYS_PTRACE))
        ? PROCESSES
        : PACKETS;
  }

  private static boolean has(long mask, int capability) {
    return (mask >>> capability & 1) == 1;
  }
}
