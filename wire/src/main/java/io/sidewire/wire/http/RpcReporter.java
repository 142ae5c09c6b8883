package io.sidewire.wire.http;

import io.sidewire.wire.Observation.McpTransport;
import io.sidewire.wire.Observation.RpcCall;
import io.sidewire.wire.Observation.RpcDirection;
import io.sidewire.wire.Observation.RpcResult;
import io.sidewire.wire.ObservationSink;
import io.sidewire.wire.jsonrpc.RpcMessage;

/** Reports the JSON-RPC messages that travel one way in one exchange, in their order. */
final class RpcReporter {
  private final ObservationSink sink;
  private final FlowMemory memory;
  private final long exchange;
  private final boolean fromClient;
  private int index;

  RpcReporter(ObservationSink sink, FlowMemory memory, long exchange, boolean fromClient) {
    this.sink = sink;
    this.memory = memory;
    this.exchange = exchange;
    this.fromClient = fromClient;
  }

  /** What the exchange says of all its messages. */
  record Context(String session, McpTransport transport, String protocolVersion) {}

  /** @param bytes of what carried the message; of a batch the first one gets them all */
  void report(RpcMessage message, Context context, long start, long end, long bytes) {
    if (message.showsMcp()) {
      memory.showsMcp(start);
    }
    boolean mcp = memory.mcp();
    McpTransport transport = mcp ? context.transport() : McpTransport.UNKNOWN;
    String version =
        message.protocolVersion() != null ? message.protocolVersion() : context.protocolVersion();
    if (message.kind() == RpcMessage.Kind.RESULT) {
      sink.observe(new RpcResult(
          exchange,
          index++,
          fromClient ? RpcDirection.TO_CLIENT : RpcDirection.TO_SERVER,
          start,
          end,
          bytes,
          message.id(),
          context.session(),
          transport,
          message.errorCode(),
          message.isError(),
          version,
          message.peerName(),
          message.peerVersion()));
      return;
    }
    sink.observe(new RpcCall(
        exchange,
        index++,
        fromClient ? RpcDirection.TO_SERVER : RpcDirection.TO_CLIENT,
        start,
        end,
        bytes,
        message.kind() == RpcMessage.Kind.NOTIFICATION,
        message.id(),
        message.method(),
        message.target(),
        context.session(),
        transport,
        version,
        message.peerName(),
        message.peerVersion(),
        message.cancelledId(),
        mcp));
  }
}
