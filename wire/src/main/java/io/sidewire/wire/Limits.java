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
 * @param sseEvent longest server-sent event that is read
 * @param jsonDepth deepest nesting of JSON that is read
 * @param inflateRatio decompressed ÷ compressed bytes, above which a body is a bomb
 * @param pipelined requests of one connection that wait for their answers
 * @param handshakeBytes longest TLS handshake message that is read
 * @param quicCryptoBytes CRYPTO bytes reassembled a QUIC flow
 * @param rpcBatch most JSON-RPC messages of one body
 * @param nameBytes longest name kept from the wire (method, tool, model, host)
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
    int nameBytes) {

  public static final Limits DEFAULT = new Limits(
      1 << 20, 4 << 20, 64 << 20, 16 << 20, 16 << 10, 64 << 10, 256, 8 << 20, 4 << 20, 256, 200,
      1024, 64 << 10, 64 << 10, 1024, 256);
}
