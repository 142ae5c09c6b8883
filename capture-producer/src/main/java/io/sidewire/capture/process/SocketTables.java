package io.sidewire.capture.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Reads the socket tables of one network namespace: which inode belongs to which pair of addresses. */
final class SocketTables {
  private SocketTables() {}

  /**
   * The inodes of those of the wanted keys that are in the tables.
   *
   * @param net a {@code net} folder of {@code /proc}
   * @param keys by table name (tcp, tcp6, udp, udp6), as of {@link SocketPair#keys}
   * @return inodes by table name and key, {@code tcp 0100007F:1F90 …}; a table that cannot be read counts as empty
   */
  static Map<String, Long> find(Path net, Map<String, ? extends Collection<String>> keys) {
    var found = new HashMap<String, Long>();
    keys.forEach((table, wanted) -> {
      if (!wanted.isEmpty()) {
        find(net.resolve(table), table, wanted, found);
      }
    });
    return found;
  }

  /*
   *   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   *    0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 …
   */
  private static void find(
      Path file, String table, Collection<String> wanted, Map<String, Long> found) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return; // no such namespace any more, or no permission: as if it had no sockets
    }
    int keyLength = table.endsWith("6") ? 2 * 37 + 1 : 2 * 13 + 1;
    int line = text.indexOf('\n') + 1;
    while (line > 0 && line < text.length()) {
      int end = text.indexOf('\n', line);
      end = end < 0 ? text.length() : end;
      int key = text.indexOf(": ", line) + 2;
      if (key > 1 && key + keyLength < end) {
        String pair = text.substring(key, key + keyLength);
        if (wanted.contains(pair)) {
          long inode = inode(text, key + keyLength, end);
          if (inode != 0) {
            found.putIfAbsent(table + " " + pair, inode);
          }
        }
      }
      line = end + 1;
    }
  }

  /** The tenth column; 0 for a socket that no process holds any more. */
  private static long inode(String text, int from, int end) {
    String[] columns = text.substring(from, end).trim().split(" +", 8);
    try {
      return columns.length > 6 ? Long.parseLong(columns[6]) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
