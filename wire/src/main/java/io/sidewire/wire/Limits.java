package io.sidewire.wire;

/**
 * Every cap of the wire module, each with its reason. Past a cap: a counted {@link Anomaly}, never an exception and
 * never unbounded memory.
 *
 * @param flows flows tracked at once; the least recently active is evicted
 * @param reassemblyBytesFlow out-of-order bytes kept a direction until the hole before them is given up
 * @param reassemblyBytesTotal the same over all flows
 * @param fragmentBytesTotal bytes of IP fragments waiting for the rest
 * @param startLine longest HTTP start line; common servers refuse beyond 8 KiB
 * @param headBytes longest HTTP head; servers refuse between 8 and 64 KiB
 * @param headerCount most header fields of one head
 * @param bodyPeek bytes of a body looked into for JSON-RPC and model APIs, before and after content decoding
 * @param sseEvent longest server-sent event, or WebSocket message, that is read
 * @param jsonDepth deepest nesting of JSON that is read
 * @param inflateRatio decompressed ÷ compressed bytes, above which a body is a bomb
 * @param pipelined requests of one connection that wait for their answers, or responses of a WebSocket
 * @param handshakeBytes longest TLS handshake message that is read
 * @param quicCryptoBytes CRYPTO bytes reassembled a QUIC flow
 * @param rpcBatch most JSON-RPC messages of one body
 * @param nameBytes longest name kept from the wire (method, tool, model, host)
 * @param http2Streams streams of an HTTP/2 connection that are followed at once; servers allow 100 to 1,000
 * @param http2HeaderTable bytes of a direction's HPACK table; clients offer 4 to 64 KiB
 * @param http2Continuations frames of one header block; real ones have one or two
 * @param http2Resets streams of a connection that are cancelled unanswered within a second
 * @param http2Control frames of a connection within a second that carry neither head nor body
 */
public record Limits(
    int flows,
    int reassemblyBytesFlow,
    int reassemblyBytesTotal,
    int fragmentBytesTotal,
    int startLine,
    int headBytes,
    int headerCount,
    int bodyPeek,
    int sseEvent,
    int jsonDepth,
    int inflateRatio,
    int pipelined,
    int handshakeBytes,
    int quicCryptoBytes,
    int rpcBatch,
    int nameBytes,
    int http2Streams,
    int http2HeaderTable,
    int http2Continuations,
    int http2Resets,
    int http2Control) {

  public static final Limits DEFAULT = new Limits(
      1 << 20, 4 << 20, 64 << 20, 16 << 20, 16 << 10, 64 << 10, 256, 8 << 20, 4 << 20, 256, 200,
      1024, 64 << 10, 64 << 10, 1024, 256, 1024, 64 << 10, 64, 200, 10_000);

  /** Heap for each flow that may be tracked: what a flow, its connection and its calls take, and as much for all else. */
  private static final long HEAP_A_FLOW = 16 << 10;

  private static final int LEAST_FLOWS = 4 << 10;

  /**
   * The same with no more flows, and bytes that wait, than a heap holds: a scan of a network must not be its end.
   *
   * @param heapBytes most bytes of the heap
   */
  public Limits within(long heapBytes) {
    return new Limits(
        (int) Math.max(LEAST_FLOWS, Math.min(flows, heapBytes / HEAP_A_FLOW)),
        (int) Math.min(reassemblyBytesFlow, heapBytes / 8),
        (int) Math.min(reassemblyBytesTotal, heapBytes / 8),
        (int) Math.min(fragmentBytesTotal, heapBytes / 16),
        startLine,
        headBytes,
        headerCount,
        bodyPeek,
        sseEvent,
        jsonDepth,
        inflateRatio,
        pipelined,
        handshakeBytes,
        quicCryptoBytes,
        rpcBatch,
        nameBytes,
        http2Streams,
        http2HeaderTable,
        http2Continuations,
        http2Resets,
        http2Control);
  }
}
