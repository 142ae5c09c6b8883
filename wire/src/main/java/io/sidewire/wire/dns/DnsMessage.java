package io.sidewire.wire.dns;

import io.sidewire.wire.flow.AddressText;
import io.sidewire.wire.tls.ByteView;
import java.util.ArrayList;
import java.util.List;

/**
 * One DNS message (RFC 1035), checked so strictly that other traffic is never taken for one.
 *
 * <pre>
 * | id | QR opcode AA TC RD RA Z AD CD rcode | questions | answers | authority | additional |  16 bits each
 * | name, type, class …                                                                     |
 * | name, type, class, ttl, length, data …                                                  |
 * </pre>
 */
final class DnsMessage {
  static final int HEADER = 12;

  private static final int LONGEST_NAME = 255;
  private static final int MOST_JUMPS = 64;
  private static final int MOST_ADDRESSES = 64;

  private static final int TYPE_A = 1;
  private static final int TYPE_AAAA = 28;
  private static final int TYPE_OPT = 41;
  private static final int MDNS_BIT = 0x8000;

  int id;
  boolean response;
  int code;
  int questions;

  /** Lower case, without the root's dot; null where the message asks nothing. */
  String name;

  int type;
  final List<String> addresses = new ArrayList<>(4);

  /** Of the addresses, the shortest; null where there are none. */
  Integer ttlSeconds;

  private DnsMessage() {}

  /**
   * Reads a message.
   *
   * @param known port or connection say DNS: oddities are accepted that others may not have
   * @param cut the capture lacks the end of it
   * @return null where this is no DNS message
   */
  static DnsMessage parse(byte[] bytes, int offset, int length, boolean known, boolean cut) {
    if (length < HEADER) {
      return null;
    }
    ByteView in = new ByteView(bytes, offset, length);
    DnsMessage message = new DnsMessage();
    message.id = in.u16();
    int flags = in.u16();
    message.response = (flags & 0x8000) != 0;
    message.code = flags & 15;
    message.questions = in.u16();
    int answers = in.u16();
    int authority = in.u16();
    int additional = in.u16();
    boolean standard =
        (flags & 0x7800) == 0 && (flags & 0x40) == 0; // opcode QUERY, and the reserved bit
    if (!standard || !message.countsFit(answers, authority, additional, known)) {
      return null;
    }
    for (int i = 0; i < message.questions; i++) {
      if (!message.question(in, offset, i == 0, known)) {
        return null;
      }
    }
    int records = answers + authority + additional;
    for (int i = 0; i < records && (in.hasMore() || !cut); i++) {
      if (!message.record(in, offset, i < answers, known) && !cut) {
        return null;
      }
    }
    // Something behind the message: padding, which only a known resolver may send.
    return known || cut || !in.hasMore() ? message : null;
  }

  private boolean countsFit(int answers, int authority, int additional, boolean known) {
    if (known) {
      int records = questions + answers + authority + additional;
      return records > 0 && records < 2048;
    }
    if (questions != 1 || additional > 64) {
      return false;
    }
    return response
        ? answers <= 256 && authority <= 64
        : answers == 0 && authority == 0 && additional <= 2 && code == 0;
  }

  private boolean question(ByteView in, int start, boolean first, boolean known) {
    String asked = name(in, start, known);
    int kind = in.u16();
    int group = in.u16() & ~MDNS_BIT;
    if (asked == null
        || !in.good()
        || kind == 0
        || !known && (group != 1 || !DnsType.known(kind))) {
      return false;
    }
    if (group == 0 || group > 4 && group < 254) {
      return false;
    }
    if (first) {
      name = asked;
      type = kind;
    }
    return true;
  }

  private boolean record(ByteView in, int start, boolean answer, boolean known) {
    String owner = name(in, start, true);
    int kind = in.u16();
    int group = in.u16();
    long ttl = in.u32();
    ByteView data = in.sub(in.u16());
    if (owner == null || !in.good()) {
      return false;
    }
    if (answer && addresses.size() < MOST_ADDRESSES) {
      address(kind, data, ttl);
    }
    return known || kind == TYPE_OPT || DnsType.known(kind) && (group & ~MDNS_BIT) == 1;
  }

  private void address(int kind, ByteView data, long ttl) {
    if (kind == TYPE_A && data.left() == 4) {
      addresses.add(AddressText.v4((int) data.u32()));
    } else if (kind == TYPE_AAAA && data.left() == 16) {
      long high = data.u32() << 32 | data.u32();
      addresses.add(AddressText.v6(high, data.u32() << 32 | data.u32()));
    } else {
      return;
    }
    int seconds = (int) Math.min(ttl, Integer.MAX_VALUE);
    ttlSeconds = ttlSeconds == null ? seconds : Math.min(ttlSeconds, seconds);
  }

  /**
   * A name, its compression followed. A pointer must lead to an earlier place than any before it, so no loop can be built.
   *
   * @param any characters that host names do not have are accepted, and escaped
   * @return null where it is no name
   */
  private static String name(ByteView in, int start, boolean any) {
    StringBuilder text = new StringBuilder();
    ByteView at = in;
    int total = 1;
    int bound = in.position();
    for (int jumps = 0; jumps <= MOST_JUMPS; ) {
      int length = at.u8();
      if (!at.good()) {
        return null;
      }
      if (length == 0) {
        return text.isEmpty() ? "." : text.toString();
      }
      if (length >= 0xc0) {
        int target = start + ((length & 0x3f) << 8 | at.u8());
        if (!at.good() || target >= bound || target < start + HEADER) {
          return null;
        }
        bound = target;
        at = new ByteView(in.bytes(), target, in.position() - target);
        jumps++;
        continue;
      }
      total += length + 1;
      if (length > 63 || total > LONGEST_NAME || length > at.left()) {
        return null;
      }
      if (!text.isEmpty()) {
        text.append('.');
      }
      for (int i = 0; i < length; i++) {
        if (!append(text, at.u8(), any)) {
          return null;
        }
      }
    }
    return null;
  }

  private static boolean append(StringBuilder text, int b, boolean any) {
    boolean letter = b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_';
    if (letter) {
      text.append((char) b);
    } else if (b >= 'A' && b <= 'Z') {
      text.append((char) (b + 32));
    } else if (!any) {
      return false;
    } else if (b > 0x20 && b < 0x7f && b != '.' && b != '\\') {
      text.append((char) b);
    } else {
      text.append('\\')
          .append((char) ('0' + b / 100))
          .append((char) ('0' + b / 10 % 10))
          .append((char) ('0' + b % 10));
    }
    return true;
  }
}
