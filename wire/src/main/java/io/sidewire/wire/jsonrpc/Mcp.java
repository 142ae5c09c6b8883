package io.sidewire.wire.jsonrpc;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the Model Context Protocol adds to JSON-RPC and HTTP: method names, and where a session id stands in a URL. */
public final class Mcp {

  /** Methods of all revisions, in both directions. Those that other protocols use alike are no evidence: ping, tasks. */
  private static final Set<String> METHODS = Set.of(
      "initialize",
      "server/discover",
      "tools/list",
      "tools/call",
      "prompts/list",
      "prompts/get",
      "resources/list",
      "resources/templates/list",
      "resources/read",
      "resources/subscribe",
      "resources/unsubscribe",
      "completion/complete",
      "logging/setLevel",
      "roots/list",
      "sampling/createMessage",
      "elicitation/create",
      "notifications/initialized",
      "notifications/cancelled",
      "notifications/progress",
      "notifications/message",
      "notifications/resources/updated",
      "notifications/resources/list_changed",
      "notifications/tools/list_changed",
      "notifications/prompts/list_changed",
      "notifications/roots/list_changed",
      "notifications/elicitation/complete",
      "notifications/tasks/status");

  private static final Pattern SESSION_PARAMETER =
      Pattern.compile("(?:^|[?&])(?:session_?id|session|sid)=([^&#]+)", Pattern.CASE_INSENSITIVE);

  /** A UUID, or a random number of at least 64 bits in hexadecimal. */
  private static final Pattern RANDOM_ID = Pattern.compile(
      "(?<=[=/])(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}|\\p{XDigit}{16,64})"
          + "(?=[&/?#]|$)");

  private static final int LONGEST_URL = 2048;

  private Mcp() {}

  static boolean isMethod(String method) {
    return METHODS.contains(method);
  }

  /** The session id in a query parameter that is named for it; null where there is none. */
  public static String sessionParameter(String target) {
    int query = target == null || target.length() > LONGEST_URL ? -1 : target.indexOf('?');
    if (query < 0) {
      return null;
    }
    Matcher named = SESSION_PARAMETER.matcher(target.substring(query));
    return named.find() ? named.group(1) : null;
  }

  /**
   * The session id in the URL to which a client of the legacy transport posts: a parameter named for it, else what looks
   * random in query or path; null where there is none.
   */
  public static String sessionInUrl(String target) {
    if (target == null || target.length() > LONGEST_URL) {
      return null;
    }
    String named = sessionParameter(target);
    if (named != null) {
      return named;
    }
    Matcher random = RANDOM_ID.matcher(target);
    return random.find() ? random.group(1) : null;
  }
}
