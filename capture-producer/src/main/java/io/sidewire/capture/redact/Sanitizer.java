package io.sidewire.capture.redact;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The kinds of string that may leave a host, each with the cleaner that makes one and the shape of what it lets pass.
 *
 * <p>A cleaner takes any text of the wire, never fails, and its result always has the shape; the result of cleaning
 * twice is that of cleaning once. {@link #clean} of null is null.
 */
public enum Sanitizer {
  /** A name or number that this program makes itself, from a closed list. */
  CONSTANT("constant of the program", "[A-Za-z0-9][A-Za-z0-9_./-]{0,39}", Text::constant),
  /** Text that the operator of the capture chose: host id, interface, filter. */
  OPERATOR_TEXT("chosen by the operator", "[^\\p{Cntrl}<>&\"']{0,512}", Text::operator),
  FLOW_ID(
      "hash of tuple and time",
      "[0-9a-f]{16}",
      s -> Text.isOf(s, Text.LOWER_HEX, 16, 16) ? s : null),
  COMMUNITY_ID("Community ID v1", "1:[A-Za-z0-9+/=]{28}", s -> Text.isCommunityId(s) ? s : null),
  KEYED_HASH("HMAC, 8 bytes", "[0-9a-f]{16}", s -> Text.isOf(s, Text.LOWER_HEX, 16, 16) ? s : null),
  ADDRESS(
      "IP address", "[0-9a-fA-F:.]{1,45}", s -> Text.isOf(s, Text.OF_ADDRESS, 1, 45) ? s : null),

  /** A DNS name, or where names may not leave, the keyed hashes of its suffixes. */
  HOST_NAME(
      "DNS name, or keyed hashes of its suffixes",
      Text.HOST + "|" + Text.HASHED_HOST,
      Text::hostName),
  /** A host name with its port, without user info. */
  AUTHORITY(
      "host name or its keyed hashes, and port; no user info",
      "(" + Text.HOST + "|" + Text.HASHED_HOST + "|\\[[0-9a-f:.]{2,45}])?(:[0-9]{1,5})?",
      Text::authority),
  /** A path with ids masked and the query dropped. */
  PATH(
      "API words and deployment and model names; all else is *; no query",
      "\\*|(/[A-Za-z0-9._:@*-]*)+",
      PathMask::path),
  HTTP_METHOD("token in capitals", "[A-Z][A-Z0-9_-]{0,15}|_", Text::method),
  MEDIA_TYPE(
      "type/subtype, no parameters",
      "[a-z0-9!#$^_.+-]{1,32}/[a-z0-9!#$^_.+-]{1,80}|other",
      Text::mediaType),
  ALPN("protocol name", "[A-Za-z0-9./_-]{1,32}", s -> Text.charset(s, "./_-", 32)),
  TLS_VERSION("version name or number", "[A-Za-z0-9._]{1,16}", s -> Text.charset(s, ".", 16)),
  JA4(
      "JA4 client fingerprint",
      "[a-z0-9_]{10,40}",
      s -> Text.isOf(s, Text.OF_JA4, 10, 40) ? s : null),

  /** Name of a tool, prompt, client or server. */
  NAME("letters, digits and _-./:@()+#, up to 128", Text.NAME, Text::name),
  VERSION("letters, digits and ._+-", "[A-Za-z0-9._+-]{1,64}", s -> Text.charset(s, "._+-", 64)),
  RPC_METHOD("JSON-RPC method", "[A-Za-z0-9_.$/:-]{1,64}", s -> Text.charset(s, "_.$/:-", 64)),
  /** A tool or prompt name, or the scheme of a resource URI with the rest masked. */
  RPC_TARGET(
      "name, or scheme:* of a resource", Text.NAME + "|[a-z][a-z0-9+.-]{0,31}:\\*", Text::target),
  /** An integer is a number of its own; text is kept where it is a plain token. */
  RPC_ID(
      "plain token up to 64, else keyed hash",
      "[A-Za-z0-9_.:-]{1,64}|~[0-9a-f]{16}",
      s -> Text.onlyIf("[A-Za-z0-9_.:-]{1,64}|~[0-9a-f]{16}", s)),
  MODEL("model name", "[A-Za-z0-9._:/@+-]{1,128}", Text::model),
  FINISH_REASON("closed list, else other", "[A-Za-z_]{1,40}", s -> Text.oneOf(Text.FINISH, s)),
  /** Known codes of providers; never their text. */
  ERROR_CODE("closed list, else other", "[A-Za-z0-9_]{1,40}", s -> Text.oneOf(Text.ERRORS, s)),
  DNS_TYPE("record type", "[A-Z0-9]{1,12}", s -> Text.onlyIf("[A-Z0-9]{1,12}", s)),

  /** Base name of an executable; never its arguments. */
  PROCESS_NAME("base name of the executable", "[A-Za-z0-9_.+-]{1,64}", Text::process),
  CONTAINER_ID("hex digits", "[0-9a-f]{12,64}", s -> Text.onlyIf("[0-9a-f]{12,64}", s));

  private final String description;
  private final Pattern shape;
  private final UnaryOperator<String> cleaner;

  Sanitizer(String description, String shape, UnaryOperator<String> cleaner) {
    this.description = description;
    this.shape = Pattern.compile(shape);
    this.cleaner = cleaner;
  }

  /** What passes, in words. */
  public String description() {
    return description;
  }

  /** The text as it may leave; null where nothing of it may, or for null. */
  public String clean(String raw) {
    return raw == null ? null : cleaner.apply(raw);
  }

  /** True for null and for what this sanitizer could have made. */
  public boolean accepts(String text) {
    return text == null || shape.matcher(text).matches();
  }

  /** The cleaners. All take text of the wire. */
  private static final class Text {
    static final String HOST = "[a-z0-9_][a-z0-9._-]{0,252}";
    private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    static final boolean[] LOWER_HEX = characters(DIGITS + "abcdef");
    static final boolean[] OF_ADDRESS = characters(DIGITS + "abcdefABCDEF:.");
    static final boolean[] OF_JA4 = characters(DIGITS + LOWER + "_");
    static final boolean[] OF_COMMUNITY_ID =
        characters(DIGITS + LOWER + LOWER.toUpperCase(Locale.ROOT) + "+/=:");
    static final String HASHED_HOST = "~[0-9a-f]{12}(\\.[0-9a-f]{12}){0,126}";
    static final String NAME = "[\\p{L}\\p{Nd}_./:@()+#,\\- ]{1,128}";

    static final Set<String> FINISH = Set.of(
        "stop",
        "length",
        "tool_calls",
        "function_call",
        "content_filter",
        "end_turn",
        "max_tokens",
        "stop_sequence",
        "tool_use",
        "pause_turn",
        "refusal",
        "model_context_window_exceeded",
        "STOP",
        "MAX_TOKENS",
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "MALFORMED_FUNCTION_CALL",
        "UNEXPECTED_TOOL_CALL",
        "OTHER",
        "completed",
        "incomplete",
        "failed",
        "cancelled",
        "in_progress",
        "queued",
        "max_output_tokens",
        "guardrail_intervened",
        "content_filtered",
        "model_length",
        "error",
        "load",
        "unload",
        "eos",
        "complete",
        "COMPLETE",
        "abort",
        "other");

    static final Set<String> ERRORS = Set.of(
        "rate_limit_exceeded",
        "rate_limit_error",
        "insufficient_quota",
        "quota_exceeded",
        "too_many_requests",
        "tokens",
        "requests",
        "context_length_exceeded",
        "string_above_max_length",
        "content_filter",
        "content_policy_violation",
        "responsibleaipolicyviolation",
        "invalid_api_key",
        "invalid_request_error",
        "invalid_request",
        "invalid_prompt",
        "invalid_value",
        "unsupported_parameter",
        "unsupported_value",
        "missing_required_parameter",
        "invalid_type",
        "authentication_error",
        "permission_error",
        "permission_denied",
        "unauthorized",
        "forbidden",
        "access_denied",
        "not_found",
        "not_found_error",
        "model_not_found",
        "deploymentnotfound",
        "request_too_large",
        "overloaded_error",
        "overloaded",
        "api_error",
        "server_error",
        "internal_server_error",
        "internal_error",
        "service_unavailable",
        "unavailable",
        "timeout",
        "timeout_error",
        "deadline_exceeded",
        "billing_error",
        "operationnotsupported",
        "internal",
        "invalid_argument",
        "failed_precondition",
        "resource_exhausted",
        "unauthenticated",
        "aborted",
        "cancelled",
        "unknown",
        "modelerrorexception",
        "modelnotreadyexception",
        "modelstreamerrorexception",
        "modeltimeoutexception",
        "throttlingexception",
        "validationexception",
        "internalserverexception",
        "serviceunavailableexception",
        "accessdeniedexception",
        "resourcenotfoundexception",
        "servicequotaexceededexception",
        "vector_store_timeout",
        "failed",
        "incomplete",
        "refusal",
        "other");

    private Text() {}

    /** True of text of the named ASCII characters alone, of that many. */
    static boolean isOf(String raw, boolean[] allowed, int min, int max) {
      if (raw.length() < min || raw.length() > max) {
        return false;
      }
      for (int i = 0; i < raw.length(); i++) {
        char c = raw.charAt(i);
        if (c >= allowed.length || !allowed[c]) {
          return false;
        }
      }
      return true;
    }

    static boolean isCommunityId(String raw) {
      return raw.startsWith("1:") && raw.indexOf(':', 2) < 0 && isOf(raw, OF_COMMUNITY_ID, 30, 30);
    }

    /** Which of the ASCII characters stand in a text. */
    private static boolean[] characters(String all) {
      var out = new boolean[128];
      for (int i = 0; i < all.length(); i++) {
        out[all.charAt(i)] = true;
      }
      return out;
    }

    static String onlyIf(String shape, String raw) {
      return matches(raw, shape) ? raw : null;
    }

    /** As {@link String#matches}, each shape compiled once: there are as many as this class names. */
    private static boolean matches(String raw, String shape) {
      return COMPILED.computeIfAbsent(shape, Pattern::compile).matcher(raw).matches();
    }

    static String oneOf(Set<String> known, String raw) {
      if (known.contains(raw)) {
        return raw;
      }
      String lower = raw.length() > 40 ? "" : raw.toLowerCase(Locale.ROOT);
      return known.contains(lower) ? lower : "other";
    }

    /** ASCII letters and digits and {@code extra}; anything else is an underscore, the end is cut. */
    static String charset(String raw, String extra, int max) {
      if (raw.isEmpty()) {
        return null;
      }
      if (raw.length() <= max && isClean(raw, extra)) {
        return raw;
      }
      var out = new StringBuilder(Math.min(raw.length(), max));
      for (int i = 0; i < raw.length() && i < max; i++) {
        char c = raw.charAt(i);
        out.append(isAlphanumeric(c) || extra.indexOf(c) >= 0 ? c : '_');
      }
      return out.toString();
    }

    private static boolean isClean(String raw, String extra) {
      for (int i = 0; i < raw.length(); i++) {
        char c = raw.charAt(i);
        if (!isAlphanumeric(c) && extra.indexOf(c) < 0) {
          return false;
        }
      }
      return true;
    }

    static String constant(String raw) {
      String out = charset(raw, "_./-", 40);
      return out == null || isAlphanumeric(out.charAt(0)) ? out : "x" + out.substring(1);
    }

    static String operator(String raw) {
      var out = new StringBuilder(Math.min(raw.length(), 512));
      for (int i = 0; i < raw.length() && i < 512; i++) {
        char c = raw.charAt(i);
        boolean harmless = !Character.isISOControl(c) && "<>&\"'".indexOf(c) < 0;
        out.append(harmless ? c : '_');
      }
      return out.toString();
    }

    static String hostName(String raw) {
      if (raw.startsWith("~") && matches(raw, HASHED_HOST)) {
        return raw;
      }
      String name = raw.endsWith(".") ? raw.substring(0, raw.length() - 1) : raw;
      String out = charset(name.toLowerCase(Locale.ROOT), "._-", 253);
      return out == null || isAlphanumeric(out.charAt(0)) ? out : "_" + out.substring(1);
    }

    static String authority(String raw) {
      String rest = raw.substring(raw.lastIndexOf('@') + 1);
      String host = rest;
      String port = "";
      int colon = rest.lastIndexOf(':');
      if (colon >= 0 && matches(rest.substring(colon + 1), "[0-9]{1,5}")) {
        port = rest.substring(colon);
        host = rest.substring(0, colon);
      }
      if (host.startsWith("[")) {
        host = matches(host.toLowerCase(Locale.ROOT), "\\[[0-9a-f:.]{2,45}]")
            ? host.toLowerCase(Locale.ROOT)
            : "_";
      } else {
        host = hostName(host);
      }
      return host == null ? null : host + port;
    }

    static String method(String raw) {
      return matches(raw, "[A-Z][A-Z0-9_-]{0,15}") ? raw : "_";
    }

    static String mediaType(String raw) {
      int end = 0;
      while (end < raw.length() && ";, \t".indexOf(raw.charAt(end)) < 0) {
        end++;
      }
      String type = raw.substring(0, Math.min(end, 128)).toLowerCase(Locale.ROOT);
      return type.isEmpty() ? null : MEDIA_TYPE.accepts(type) ? type : "other";
    }

    static String name(String raw) {
      var out = new StringBuilder(Math.min(raw.length(), 128));
      int at = 0;
      while (at < raw.length() && out.length() < 127) {
        int point = raw.codePointAt(at);
        at += Character.charCount(point);
        boolean harmless = Character.isLetter(point)
            || Character.getType(point) == Character.DECIMAL_DIGIT_NUMBER
            || (point < 0x80 && "_-./:@()+#, ".indexOf(point) >= 0);
        out.appendCodePoint(harmless ? point : '_');
      }
      String trimmed = out.toString().strip();
      return trimmed.isEmpty() ? null : trimmed;
    }

    static String target(String raw) {
      int colon = raw.indexOf(':');
      boolean uri = colon > 0
          && (raw.startsWith("//", colon + 1)
              || raw.startsWith("*", colon + 1)
              || raw.startsWith("data:"));
      if (!uri) {
        return name(raw);
      }
      String scheme = raw.substring(0, Math.min(colon, 32)).toLowerCase(Locale.ROOT);
      return (matches(scheme, "[a-z][a-z0-9+.-]{0,31}") ? scheme : "uri") + ":*";
    }

    static String model(String raw) {
      // An inference profile's ARN carries an account number before its name.
      String name = raw.startsWith("arn:") ? raw.substring(raw.lastIndexOf('/') + 1) : raw;
      String out = name.startsWith("arn:") ? null : charset(name, "._:/@+-", 128);
      return out == null ? null : PathMask.looksSecret(out.replace('/', '-')) ? "other" : out;
    }

    static String process(String raw) {
      String path = raw.endsWith(" (deleted)") ? raw.substring(0, raw.length() - 10) : raw;
      return charset(path.substring(path.lastIndexOf('/') + 1), "_.+-", 64);
    }

    private static boolean isAlphanumeric(char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
  }
}
