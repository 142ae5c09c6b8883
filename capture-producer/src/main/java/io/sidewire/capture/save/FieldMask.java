package io.sidewire.capture.save;

import io.sidewire.capture.redact.Sanitizer;
import io.sidewire.wire.llm.LlmErrors;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Masks the lines of an HTTP head in place: start lines and fields, an allow-list each. */
final class FieldMask {
  /** Names that may be saved as they are; the letters of others become x. */
  private static final Set<String> NAMES = Set.of(
      ("host,content-length,transfer-encoding,content-type,content-encoding,upgrade,expect,accept,"
              + "date,retry-after,retry-after-ms,x-ms-retry-after-ms,x-ratelimit-remaining-requests,"
              + "x-ratelimit-remaining-tokens,x-ratelimit-limit-requests,x-ratelimit-limit-tokens,"
              + "anthropic-ratelimit-requests-remaining,anthropic-ratelimit-tokens-remaining,"
              + "x-stainless-retry-count,amz-sdk-request,x-amzn-errortype,"
              + "x-amzn-bedrock-input-token-count,x-amzn-bedrock-output-token-count,mcp-session-id,"
              + "mcp-protocol-version,mcp-method,mcp-name,authorization,proxy-authorization,"
              + "www-authenticate,cookie,set-cookie,user-agent,server,connection,keep-alive,"
              + "accept-encoding,accept-language,cache-control,etag,last-modified,vary,origin,referer,"
              + "location,x-api-key,api-key,x-request-id,apim-request-id,x-ms-region,openai-version,"
              + "anthropic-version,last-event-id,access-control-allow-origin,"
              + "access-control-allow-headers,access-control-allow-methods,"
              + "access-control-expose-headers,content-disposition,pragma,expires,x-powered-by,"
              + "sec-fetch-mode,sec-websocket-key,sec-websocket-accept,sec-websocket-version,"
              + "sec-websocket-protocol,sec-websocket-extensions,x-forwarded-for,via,forwarded,"
              + "traceparent,tracestate,allow,trailer,te,strict-transport-security,age,range")
          .split(","));

  private static final Set<String> TOKENS = Set.of(
      ("chunked,gzip,br,zstd,deflate,identity,compress,x-gzip,keep-alive,close,upgrade,websocket,"
              + "100-continue,h2c,http2-settings,*,*/*,application/json,text/event-stream,text/plain,"
              + "text/html,application/x-ndjson,charset=utf-8,charset=\"utf-8\",utf-8,no-cache,"
              + "no-store,max-age=0,timeout=5,no-transform,trailers,aws-chunked")
          .split(","));

  private static final Set<String> REASONS = Set.of(
      ("OK,Created,Accepted,No Content,Continue,Switching Protocols,Not Modified,Moved Permanently,"
              + "Found,Bad Request,Unauthorized,Forbidden,Not Found,Method Not Allowed,Conflict,"
              + "Not Acceptable,Request Timeout,Payload Too Large,Unprocessable Entity,"
              + "Unsupported Media Type,Too Many Requests,Internal Server Error,Bad Gateway,"
              + "Not Implemented,Service Unavailable,Gateway Timeout,Connection established,"
              + "Connection Established,Partial Content,Temporary Redirect,Permanent Redirect")
          .split(","));

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,9})?");
  private static final Pattern DATE =
      Pattern.compile("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT");
  private static final Pattern ATTEMPT = Pattern.compile("attempt=[0-9]{1,4}(; ?max=[0-9]{1,4})?");
  private static final Pattern VERSION = Pattern.compile("HTTP/[0-9](\\.[0-9])?");
  private static final int LONGEST_METHOD = 32;

  private final Pseudonyms pseudonyms;
  private final TargetMask targets;

  FieldMask(Pseudonyms pseudonyms) {
    this.pseudonyms = pseudonyms;
    this.targets = new TargetMask(pseudonyms);
  }

  // ------------------------------------------------------------------ start lines

  /** A request line, without its end. */
  String requestLine(String raw) {
    int first = raw.indexOf(' ');
    if (first <= 0 || first > LONGEST_METHOD) {
      return fill(raw);
    }
    String method = raw.substring(0, first);
    int last = raw.lastIndexOf(' ');
    boolean versioned = last > first && VERSION.matcher(raw.substring(last + 1)).matches();
    String target = raw.substring(first + 1, versioned ? last : raw.length());
    int space = target.indexOf(' ');
    String rest = space < 0 ? "" : fill(target.substring(space));
    target = space < 0 ? target : target.substring(0, space);
    String shown = method.equals(Sanitizer.HTTP_METHOD.clean(method)) ? method : fill(method);
    return shown + " " + targets.mask(target, method.equals("CONNECT")) + rest
        + (versioned ? raw.substring(last) : "");
  }

  /** A status line, without its end. */
  String statusLine(String raw) {
    int status = raw.indexOf(' ') + 1;
    int reason = Math.min(raw.length(), status + 3);
    String phrase = raw.substring(reason);
    boolean plain = raw.substring(0, Math.max(0, status - 1)).matches("HTTP/[0-9.]{1,3}")
        && raw.substring(status, reason).matches("[0-9]{1,3}");
    boolean known = phrase.isBlank() || REASONS.contains(phrase.strip());
    return plain ? raw.substring(0, reason) + (known ? phrase : fill(phrase)) : fill(raw);
  }

  // ------------------------------------------------------------------ fields

  /** A field line, without its end. */
  String line(String raw) {
    int colon = raw.indexOf(':');
    if (colon <= 0 || raw.charAt(0) == ' ' || raw.charAt(0) == '\t') {
      return fill(raw);
    }
    String name = raw.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    String shown =
        NAMES.contains(name) ? raw.substring(0, colon) : letters(raw.substring(0, colon));
    int start = colon + 1;
    while (start < raw.length() && (raw.charAt(start) == ' ' || raw.charAt(start) == '\t')) {
      start++;
    }
    int end = raw.length();
    while (end > start && raw.charAt(end - 1) <= ' ') {
      end--;
    }
    String value = raw.substring(start, end);
    return shown + raw.substring(colon, start) + value(name, value) + raw.substring(end);
  }

  private String value(String name, String raw) {
    return switch (name) {
      case "host" -> TargetMask.Host.mask(raw);
      case "content-type" -> mediaType(raw);
      case "accept",
          "accept-encoding",
          "connection",
          "upgrade",
          "expect",
          "transfer-encoding",
          "content-encoding",
          "keep-alive",
          "te",
          "cache-control" -> tokens(raw);
      case "mcp-session-id", "last-event-id" -> pseudonyms.of(raw, 0);
      case "mcp-protocol-version" -> passed(Sanitizer.VERSION, raw);
      case "mcp-method" -> passed(Sanitizer.RPC_METHOD, raw);
      case "mcp-name" -> rpcTarget(raw);
      case "x-amzn-errortype" -> LlmErrors.isKnown(raw) && raw.indexOf(':') < 0 ? raw : fill(raw);
      case "amz-sdk-request" -> ATTEMPT.matcher(raw).matches() ? raw : fill(raw);
      case "content-length",
          "date",
          "retry-after",
          "retry-after-ms",
          "x-ms-retry-after-ms",
          "x-ratelimit-remaining-requests",
          "x-ratelimit-remaining-tokens",
          "anthropic-ratelimit-requests-remaining",
          "anthropic-ratelimit-tokens-remaining",
          "x-stainless-retry-count",
          "x-amzn-bedrock-input-token-count",
          "x-amzn-bedrock-output-token-count" ->
        NUMBER.matcher(raw).matches() || DATE.matcher(raw).matches() ? raw : fill(raw);
      default -> fill(raw);
    };
  }

  /** Media type and a character set stay; other parameters do not. */
  private static String mediaType(String raw) {
    int semicolon = raw.indexOf(';');
    String type = semicolon < 0 ? raw : raw.substring(0, semicolon);
    String bare = type.strip().toLowerCase(Locale.ROOT);
    boolean passes = bare.equals(Sanitizer.MEDIA_TYPE.clean(bare));
    return (passes ? type : fill(type)) + tokens(raw.substring(type.length()));
  }

  /** Keeps the words of a list that are known, and weights. */
  private static String tokens(String raw) {
    var out = new StringBuilder(raw.length());
    int at = 0;
    while (at < raw.length()) {
      if (separates(raw.charAt(at))) {
        out.append(raw.charAt(at++));
        continue;
      }
      int end = at;
      while (end < raw.length() && !separates(raw.charAt(end))) {
        end++;
      }
      String word = raw.substring(at, end);
      boolean known =
          TOKENS.contains(word.toLowerCase(Locale.ROOT)) || word.matches("q=[01](\\.[0-9]{1,3})?");
      out.append(known ? word : fill(word));
      at = end;
    }
    return out.toString();
  }

  private static boolean separates(char c) {
    return c == ',' || c == ';' || c == ' ' || c == '\t';
  }

  // ------------------------------------------------------------------ values that bodies have too

  /** What a sanitizer makes of a text of single bytes, if that is as long. */
  static String passed(Sanitizer sanitizer, String raw) {
    String cleaned = sanitizer.clean(raw);
    return cleaned != null && cleaned.length() == raw.length() ? cleaned : fill(raw);
  }

  /** A tool's or prompt's name, or the scheme of a resource. */
  static String rpcTarget(String raw) {
    String cleaned = Sanitizer.RPC_TARGET.clean(raw);
    if (cleaned == null || !cleaned.endsWith(":*")) {
      return passed(Sanitizer.RPC_TARGET, raw);
    }
    int colon = raw.indexOf(':');
    boolean slashes = raw.startsWith("//", colon + 1);
    String scheme = raw.substring(0, colon);
    String shown = cleaned.equals(scheme.toLowerCase(Locale.ROOT) + ":*") ? scheme : fill(scheme);
    int kept = colon + (slashes ? 3 : 1);
    return shown + raw.substring(colon, kept) + fill(raw.substring(kept));
  }

  /** The URL that an event of the legacy transport names. */
  String url(String raw) {
    return targets.mask(raw, false);
  }

  /** As long as the text, and nothing of it but its white space. */
  static String fill(String raw) {
    var out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      out.append(c == ' ' || c == '\t' || c == '\r' ? c : 'x');
    }
    return out.toString();
  }

  private static String letters(String name) {
    return name.replaceAll("[A-Za-z]", "x").replaceAll("[^x-]", "0");
  }
}
