package io.sidewire.capture.redact;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every string field that a capture may publish, with the sanitizer that makes it.
 *
 * <p>A field of {@code PacketBatch}, or of a record that it holds, that does not stand here is found by a test.
 * Elements of arrays and values of maps stand under their field's name; keys of maps under {@code Record.field#key}.
 */
public final class AllowList {
  private static final Map<String, Sanitizer> FIELDS = new LinkedHashMap<>();

  static {
    put(Sanitizer.OPERATOR_TEXT, "PacketBatch.host", "Tick.settings", "Tick.settings#key");
    put(Sanitizer.CONSTANT, "PacketBatch.epoch", "PacketBatch.keyId");

    put(Sanitizer.FLOW_ID, "FlowInfo.flowId");
    put(Sanitizer.COMMUNITY_ID, "FlowInfo.communityId");
    put(Sanitizer.ADDRESS, "Endpoint.address", "DnsAnswer.addresses");
    put(Sanitizer.CONSTANT, "FlowInfo.transport", "FlowInfo.contentEvidence", "FlowInfo.state");
    put(Sanitizer.HOST_NAME, "FlowInfo.serverName", "TlsClientHello.serverName", "DnsAnswer.name");
    put(Sanitizer.ALPN, "FlowInfo.alpn", "TlsClientHello.alpn", "TlsServerHello.alpn");
    put(
        Sanitizer.TLS_VERSION,
        "FlowInfo.tlsVersion",
        "TlsClientHello.version",
        "TlsServerHello.version");
    put(Sanitizer.JA4, "FlowInfo.ja4", "TlsClientHello.ja4");
    put(Sanitizer.PROCESS_NAME, "Process.command");
    put(Sanitizer.CONTAINER_ID, "Process.containerId");

    put(Sanitizer.CONSTANT, "TlsClientHello.transport", "Request.protocol", "LlmRequest.api");
    put(Sanitizer.CONSTANT, "LlmUsage.api", "AnomalySeen.kind", "FlowEnd.state");
    put(
        Sanitizer.CONSTANT,
        "Unflowed.flowType",
        "Unflowed.reason",
        "HealthCounts.refusedParses#key");
    put(
        Sanitizer.KEYED_HASH,
        "TlsClientHello.randomHash",
        "Request.sessionHash",
        "ResponseStart.sessionHash",
        "RpcCall.sessionHash",
        "RpcResult.sessionHash",
        "McpSession.sessionHash");

    put(Sanitizer.HTTP_METHOD, "Request.method");
    put(Sanitizer.AUTHORITY, "Request.authority");
    put(Sanitizer.PATH, "Request.path");
    put(Sanitizer.MEDIA_TYPE, "Request.contentType", "ResponseStart.contentType");
    put(
        Sanitizer.VERSION,
        "Request.mcpProtocolVersion",
        "RpcCall.protocolVersion",
        "RpcCall.peerVersion",
        "RpcResult.protocolVersion",
        "RpcResult.peerVersion");
    put(Sanitizer.RPC_METHOD, "Request.mcpMethod", "RpcCall.method");
    put(Sanitizer.RPC_TARGET, "Request.mcpName", "RpcCall.target");
    put(Sanitizer.RPC_ID, "RpcCall.id", "RpcCall.cancelledId", "RpcResult.id");
    put(Sanitizer.NAME, "RpcCall.peerName", "RpcResult.peerName", "LlmUsage.toolCalls");
    put(Sanitizer.MODEL, "LlmRequest.model", "LlmUsage.model");
    put(Sanitizer.FINISH_REASON, "LlmUsage.finishReason");
    put(Sanitizer.ERROR_CODE, "LlmUsage.error");
    put(Sanitizer.DNS_TYPE, "DnsAnswer.type");
  }

  private AllowList() {}

  /** Field names ({@code Record.field}) to sanitizers, in the order of the schema. */
  public static Map<String, Sanitizer> fields() {
    return Collections.unmodifiableMap(FIELDS);
  }

  private static void put(Sanitizer sanitizer, String... fields) {
    for (String field : fields) {
      FIELDS.put(field, sanitizer);
    }
  }
}
