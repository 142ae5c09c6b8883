package io.sidewire.capture;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The endpoints that Sidewire's own processes open or listen on (broker, API, page, health), as a BPF expression that
 * leaves them out. Without it, publishing what was captured would be captured.
 */
public final class OwnTraffic {
  private static final int MAX_TERMS = 64;
  private static final Pattern NETWORK = Pattern.compile("[0-9A-Fa-f:.]+/[0-9]{1,3}");

  private final List<Supplier<? extends Collection<String>>> sources;

  private OwnTraffic(List<Supplier<? extends Collection<String>>> sources) {
    this.sources = sources;
  }

  /** Leaves nothing out. */
  public static OwnTraffic none() {
    return new OwnTraffic(List.of());
  }

  /**
   * Endpoints as {@code host:port}; {@code [::1]:9092} for IPv6, {@code 0.0.0.0} for all addresses of this host. A network
   * ({@code 172.29.74.0/24}) is one where nobody but Sidewire is.
   */
  public static OwnTraffic of(Collection<String> endpoints) {
    return none().and(() -> endpoints);
  }

  /** These and more, asked for again at each use: a broker tells its addresses only once it was reached. */
  public OwnTraffic and(Supplier<? extends Collection<String>> more) {
    var all = new ArrayList<>(sources);
    all.add(more);
    return new OwnTraffic(List.copyOf(all));
  }

  /** The endpoints as they were given. */
  public List<String> endpoints() {
    var all = new LinkedHashSet<String>();
    sources.forEach(source -> all.addAll(source.get()));
    return List.copyOf(all);
  }

  /**
   * The addresses of the endpoints now, as {@code address port}, and the networks as they are; a name that is not known now
   * is left out.
   */
  public Set<String> resolved() {
    var out = new LinkedHashSet<String>();
    for (String endpoint : endpoints()) {
      if (NETWORK.matcher(endpoint).matches()) {
        out.add(endpoint);
        continue;
      }
      int colon = endpoint.lastIndexOf(':');
      String port = endpoint.substring(colon + 1);
      if (colon > 0 && port.matches("[0-9]{1,5}") && !port.equals("0")) {
        addresses(endpoint.substring(0, colon)).forEach(a -> out.add(a + " " + port));
      }
    }
    return out;
  }

  /** {@code not (tcp and host A and port P) and not (net N) and …}; empty where there is nothing to leave out. */
  public String filter() {
    return String.join(
        " and ", resolved().stream().limit(MAX_TERMS).map(OwnTraffic::without).toList());
  }

  private static String without(String term) {
    int blank = term.indexOf(' ');
    return blank < 0
        ? "not (net " + term + ")"
        : "not (tcp and host " + term.substring(0, blank) + " and port " + term.substring(blank + 1)
            + ")";
  }

  private static List<String> addresses(String host) {
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      if (bare.equals("localhost")) {
        return List.of(
            "127.0.0.1", "::1"); // whatever the resolver prefers, clients may use the other
      }
      if (InetAddress.getByName(bare).isAnyLocalAddress()) {
        return NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .map(OwnTraffic::text)
            .toList();
      }
      var out = new ArrayList<String>();
      for (InetAddress address : InetAddress.getAllByName(bare)) {
        out.add(text(address));
      }
      return out;
    } catch (UnknownHostException | SocketException e) {
      return List.of();
    }
  }

  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }
}
