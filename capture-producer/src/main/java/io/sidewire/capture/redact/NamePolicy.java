package io.sidewire.capture.redact;

import io.sidewire.schemas.KeyedHash;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Decides which host names leave in clear. Names of hosts that are no agent endpoints are a browsing history; where they
 * may not leave, the keyed hashes of their suffixes do.
 */
public final class NamePolicy {
  /** The setting {@code names}. */
  public enum Names {
    /** Agent endpoints in clear, by rule or by what their content showed; others hashed. */
    AGENT,
    /** All in clear. */
    ALL,
    /** All hashed. */
    HASH
  }

  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private final Names names;
  private final Predicate<String> agentNames;
  private final KeyedHash hash;

  /** @param agentNames true for the name of a known model or tool endpoint, in lower case */
  public NamePolicy(Names names, Predicate<String> agentNames, KeyedHash hash) {
    this.names = names;
    this.agentNames = agentNames;
    this.hash = hash;
  }

  /** A DNS name as it may leave; {@code agent}: the content showed an agent endpoint. Null for null. */
  String name(String raw, boolean agent) {
    String clean = Sanitizer.HOST_NAME.clean(raw == null ? null : raw.replace(KeyedHash.MARK, '_'));
    return clean == null || inClear(clean, agent) ? clean : hash.ofName(clean);
  }

  /** Host and port of an HTTP request as they may leave. Null for null. */
  String authority(String raw, boolean agent) {
    String clean = Sanitizer.AUTHORITY.clean(raw == null ? null : raw.replace(KeyedHash.MARK, '_'));
    if (clean == null) {
      return null;
    }
    String host = hostOf(clean);
    if (host.isEmpty() || inClear(host, agent)) {
      return clean;
    }
    return hash.ofName(host) + clean.substring(host.length());
  }

  /** The host of an authority in lower case, brackets of IPv6 kept, user info and port cut. */
  static String hostOf(String authority) {
    String rest = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    int end = rest.startsWith("[") ? rest.indexOf(']') + 1 : rest.lastIndexOf(':');
    return end > 0 ? rest.substring(0, end) : rest.startsWith(":") ? "" : rest;
  }

  /** True for an IP literal; the flow carries the address anyway. */
  static boolean isAddress(String host) {
    return host.startsWith("[") || IPV4.matcher(host).matches();
  }

  private boolean inClear(String host, boolean agent) {
    return switch (names) {
      case ALL -> true;
      case HASH -> isAddress(host);
      case AGENT -> agent || isAddress(host) || host.equals("localhost") || agentNames.test(host);
    };
  }
}
