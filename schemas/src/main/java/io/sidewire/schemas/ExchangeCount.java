package io.sidewire.schemas;

/**
 * How an exchange is counted in traffic rows: by the processor, and by whoever takes back what it counted.
 *
 * <p>Both must come to the same row, so the rules stand here and nowhere else.
 */
public final class ExchangeCount {
  private ExchangeCount() {}

  /** True of an exchange that has ended, that no other row counts already, and that was not withdrawn. */
  public static boolean counts(Exchange row) {
    return row.getOutcome() != Outcome.OPEN && isCountedOnce(row);
  }

  /** False for what another row already counts, or what was withdrawn. */
  public static boolean isCountedOnce(Exchange row) {
    boolean otherLeg = row.getLeg() != null && !row.getLeg().equals("outer");
    return !otherLeg && row.getOutcome() != Outcome.SUPERSEDED;
  }

  /** When the exchange began, as far as packets say; 0 where they do not. */
  public static long startOf(Exchange row) {
    if (row.getRequestStart() != null) {
      return row.getRequestStart();
    }
    if (row.getResponseStart() != null) {
      return row.getResponseStart();
    }
    return row.getResponseEnd() == null ? 0 : row.getResponseEnd();
  }

  /** When the exchange was over, as far as packets say: it counts in the window of that moment. */
  public static long endOf(Exchange row) {
    if (row.getResponseEnd() != null) {
      return row.getResponseEnd();
    }
    return Math.max(startOf(row), row.getRequestEnd() == null ? 0 : row.getRequestEnd());
  }

  /** The server under which it counts: its name, or its address and port. */
  public static String serverOf(Exchange row) {
    return row.getServerName() != null ? row.getServerName() : text(row.getServer());
  }

  /** Address and port, that of IPv6 in brackets; the address alone where there are no ports. */
  public static String text(Endpoint endpoint) {
    String address = endpoint.getAddress();
    if (endpoint.getPort() == null) {
      return address;
    }
    return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + endpoint.getPort();
  }

  /** What an exchange did, in one word; never null, for null marks the volume rows. */
  public static String operationOf(Exchange row) {
    if (row.getOperation() != null) {
      return row.getOperation();
    }
    return row.getMethod() != null ? row.getMethod() : row.getProtocol();
  }

  /** A stream that a client opens to listen has volume, but no latency that means anything. */
  public static boolean isStream(Exchange row) {
    return "GET".equals(row.getMethod())
        && !"mcp".equals(row.getProtocol())
        && row.getContentType() != null
        && row.getContentType().startsWith("text/event-stream");
  }

  /** Class of an HTTP status that is an error, else null. */
  public static String errorOf(Integer status) {
    if (status == null || status < 400) {
      return null;
    }
    return status == 429 ? "429" : status < 500 ? "4xx" : "5xx";
  }

  /** The few classes under which errors are counted; null where it is none. */
  public static String errorClass(Exchange row) {
    String ofStatus = errorOf(row.getStatus());
    if (ofStatus != null) {
      return ofStatus;
    }
    String error = row.getError();
    if (error == null) {
      return null;
    }
    return switch (error) {
      case "timeout", "reset", "cancelled", "tool_error" -> error;
      default -> error.startsWith("rpc:") ? "rpc" : "other";
    };
  }
}
