package io.sidewire.wire;

import java.util.List;

/**
 * What the analysis saw in one flow. Strings are as the wire carried them (bounded, not yet redacted): redaction is the
 * capture producer's duty. Times are epoch microseconds of packet time; absent is null.
 */
public sealed interface Observation {

  /** How an exchange was read. */
  enum Evidence {
    DECODED,
    DECRYPTED,
    INFERRED
  }

  /** How an exchange ended. */
  enum Outcome {
    ANSWERED,
    RESET,
    GAP,
    CAPTURE_ENDED,

    /** The same bytes were read better: what was reported of this exchange does not count. */
    SUPERSEDED
  }

  /** Sender of a JSON-RPC request. */
  enum RpcDirection {
    TO_SERVER,
    TO_CLIENT
  }

  /** How MCP travels over HTTP. */
  enum McpTransport {
    UNKNOWN,
    SSE,
    STREAMABLE_HTTP
  }

  /** What the flow's content showed itself to be; {@code kind} is one of tls, http, http2, mcp, openai_api, ollama_api, anthropic_api, dns, quic, dtls, websocket. */
  record Content(long time, String kind) implements Observation {}

  /**
   * A TLS client hello.
   *
   * @param transport tcp, quic or dtls
   * @param version highest version offered (supported_versions without GREASE, else the legacy field), as on the wire
   * @param random the 32 bytes of the client random; null where the message is SSLv2
   */
  record ClientHello(
      long time,
      String transport,
      String serverName,
      List<String> alpn,
      int version,
      String ja3,
      String ja4,
      boolean ech,
      boolean resumption,
      boolean earlyData,
      byte[] random)
      implements Observation {}

  /** A TLS server hello; {@code version} is the one chosen (supported_versions beats the legacy field). */
  record ServerHello(
      long time,
      String transport,
      int version,
      int cipher,
      String alpn,
      boolean helloRetryRequest,
      boolean resumed)
      implements Observation {}

  /** The protocol that a server of TLS 1.3 chose among those offered (ALPN), where its encrypted answer could be read. */
  record ChosenProtocol(long time, String alpn) implements Observation {}

  /**
   * A request, when it is complete or given up.
   *
   * @param exchange number within the flow, from 0, over both decoded and inferred exchanges
   * @param protocol http/0.9, http/1.0, http/1.1, http/2, dns, tls, websocket
   * @param target request target as sent, query included
   * @param session value of Mcp-Session-Id, else of the sessionId/session_id query parameter of a legacy POST
   * @param sequence TCP sequence number of the first byte, -1 if none
   * @param bytes distinct TCP payload bytes of the message, head and framing included
   * @param bodyBytes body after de-chunking, before content decoding; null where unreadable
   * @param rpcRequests JSON-RPC requests in the body; -1 where the body is no JSON-RPC
   */
  record Request(
      long exchange,
      String protocol,
      Evidence evidence,
      Float confidence,
      boolean ambiguous,
      boolean complete,
      long start,
      long end,
      long sequence,
      long bytes,
      Long bodyBytes,
      String method,
      String target,
      String authority,
      String contentType,
      String session,
      String mcpProtocolVersion,
      String mcpMethod,
      String mcpName,
      Integer retryCount,
      int rpcRequests,
      int rpcNotifications,
      int rpcResponses)
      implements Observation {}

  /** First byte of the final (not 1xx) response; {@code status} null where it cannot be read. */
  record ResponseStart(
      long exchange,
      long time,
      long sequence,
      Evidence evidence,
      Integer status,
      String contentType,
      String session,
      Long retryAfterMicros,
      Long rateLimitRemainingRequests,
      Long rateLimitRemainingTokens)
      implements Observation {}

  /**
   * Last byte of the response, or the reason why there is none.
   *
   * @param chunks SSE data events without [DONE], or streamed records
   * @param firstChunk time of the first body byte or event
   * @param firstToken time of the first event with generated content
   */
  record ResponseEnd(
      long exchange,
      long time,
      Evidence evidence,
      Outcome outcome,
      boolean complete,
      boolean ambiguous,
      Float confidence,
      long bytes,
      Long bodyBytes,
      boolean streamed,
      Integer chunks,
      Long firstChunk,
      Long firstToken)
      implements Observation {}

  /**
   * A JSON-RPC request or notification in a POST body or a server-sent event.
   *
   * @param index place among the messages of this exchange and direction of travel
   * @param start first byte of the POST or event; {@code end} its last byte
   * @param id a Long, a String, or null
   * @param target tool or prompt name, resource URI as sent
   * @param mcp content or headers show MCP, not other JSON-RPC
   */
  record RpcCall(
      long exchange,
      int index,
      RpcDirection direction,
      long start,
      long end,
      long bytes,
      boolean notification,
      Object id,
      String method,
      String target,
      String session,
      McpTransport transport,
      String protocolVersion,
      String peerName,
      String peerVersion,
      Object cancelledId,
      boolean mcp)
      implements Observation {}

  /** A JSON-RPC result or error; {@code direction} is that of the request that it answers. */
  record RpcResult(
      long exchange,
      int index,
      RpcDirection direction,
      long start,
      long end,
      long bytes,
      Object id,
      String session,
      McpTransport transport,
      Integer errorCode,
      boolean isError,
      String protocolVersion,
      String peerName,
      String peerVersion)
      implements Observation {}

  /** The endpoint event of legacy HTTP+SSE: this stream answers the posts of that session. */
  record McpSession(long exchange, long time, String session, McpTransport transport)
      implements Observation {}

  /** A request to a model API; {@code api} as in the schema LlmRequest. */
  record LlmRequest(long exchange, String api, String model, boolean stream)
      implements Observation {}

  /** What the answer of a model said of itself, read to its end; null where the wire did not say. */
  record LlmUsage(
      long exchange,
      String api,
      String model,
      Long inputTokens,
      Long outputTokens,
      Long cachedTokens,
      String finishReason,
      List<String> toolCalls,
      String error)
      implements Observation {}

  /** A DNS answer and its question. */
  record DnsAnswer(
      long exchange,
      String name,
      String type,
      Integer code,
      List<String> addresses,
      Integer ttlSeconds)
      implements Observation {}

  /** An oddity; {@code exchange} -1 where it belongs to none. */
  record Odd(long time, long exchange, Anomaly kind) implements Observation {}
}
