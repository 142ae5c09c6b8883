package io.sidewire.capture.redact;

import io.sidewire.schemas.AnomalySeen;
import io.sidewire.schemas.DnsAnswer;
import io.sidewire.schemas.Evidence;
import io.sidewire.schemas.KeyedHash;
import io.sidewire.schemas.LlmRequest;
import io.sidewire.schemas.LlmUsage;
import io.sidewire.schemas.McpSession;
import io.sidewire.schemas.McpTransport;
import io.sidewire.schemas.Outcome;
import io.sidewire.schemas.Process;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.ResponseEnd;
import io.sidewire.schemas.ResponseStart;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.RpcDirection;
import io.sidewire.schemas.RpcResult;
import io.sidewire.schemas.TlsClientHello;
import io.sidewire.schemas.TlsServerHello;
import io.sidewire.wire.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;

/**
 * Turns what was observed on the wire into what may leave the host. Pure: equal observations under equal keys give equal
 * records. Each string goes through the sanitizer that {@link AllowList} names for its field.
 */
public final class Redaction {
  private static final int MAX_LIST = 64;

  private final NamePolicy names;
  private final KeyedHash hash;
  private final Memo cleanPaths;
  private final Memo sessions;
  private final Memo constants = new Memo(Sanitizer.CONSTANT::clean);
  private final Memo methods = new Memo(Sanitizer.HTTP_METHOD::clean);
  private final Memo mediaTypes = new Memo(Sanitizer.MEDIA_TYPE::clean);
  private final Memo versions = new Memo(Sanitizer.VERSION::clean);
  private final Memo rpcMethods = new Memo(Sanitizer.RPC_METHOD::clean);
  private final Memo rpcTargets = new Memo(Sanitizer.RPC_TARGET::clean);
  private final Memo models = new Memo(Sanitizer.MODEL::clean);
  private final Memo peerNames = new Memo(Sanitizer.NAME::clean);
  private final Memo agentAuthorities;
  private final Memo otherAuthorities;
  private final Memo agentNames;
  private final Memo otherNames;

  private Redaction(NamePolicy names, KeyedHash hash, UnaryOperator<String> paths) {
    this.names = names;
    this.hash = hash;
    this.cleanPaths = new Memo(paths);
    this.sessions = new Memo(raw -> hash.of(KeyedHash.Kind.SESSION, raw));
    this.agentAuthorities = new Memo(raw -> names.authority(raw, true));
    this.otherAuthorities = new Memo(raw -> names.authority(raw, false));
    this.agentNames = new Memo(raw -> names.name(raw, true));
    this.otherNames = new Memo(raw -> names.name(raw, false));
  }

  public static Redaction of(NamePolicy names, KeyedHash hash) {
    return new Redaction(names, hash, Sanitizer.PATH::clean);
  }

  /** The same with full request targets, for the owner of a capture file to look at; never for a topic. */
  public Redaction unmasked() {
    return new Redaction(names, hash, PathMask::unmasked);
  }

  /** Short id of the key under which names and ids are hashed. */
  public String keyId() {
    return hash.keyId();
  }

  /**
   * The record of an observation.
   *
   * @param agent the flow's content showed an agent endpoint, so its names may leave
   * @return null for {@link Observation.Content} and {@link Observation.ChosenProtocol}, which become facts of the flow
   */
  public SpecificRecord record(Observation observation, boolean agent) {
    // Most frequent first.
    if (observation instanceof Observation.Request o) {
      return request(o, agent);
    } else if (observation instanceof Observation.ResponseStart o) {
      return responseStart(o);
    } else if (observation instanceof Observation.ResponseEnd o) {
      return responseEnd(o);
    } else if (observation instanceof Observation.RpcCall o) {
      return rpcCall(o);
    } else if (observation instanceof Observation.RpcResult o) {
      return rpcResult(o);
    } else if (observation instanceof Observation.ClientHello o) {
      return clientHello(o, agent);
    } else if (observation instanceof Observation.ServerHello o) {
      return serverHello(o);
    } else if (observation instanceof Observation.LlmRequest o) {
      return new LlmRequest(
          o.exchange(),
          orElse(constants.apply(o.api()), "unknown"),
          models.apply(o.model()),
          o.stream());
    } else if (observation instanceof Observation.LlmUsage o) {
      return llmUsage(o);
    } else if (observation instanceof Observation.McpSession o) {
      return new McpSession(
          o.exchange(), o.time(), orElse(session(o.session()), ""), transport(o.transport()));
    } else if (observation instanceof Observation.DnsAnswer o) {
      return dnsAnswer(o, agent);
    } else if (observation instanceof Observation.Odd o) {
      Long exchange = o.exchange() < 0 ? null : o.exchange();
      return new AnomalySeen(o.time(), exchange, constants.apply(o.kind().name()));
    }
    return null;
  }

  /** The server's name as a fact of the flow. */
  public String serverName(String raw, boolean agent) {
    return (agent ? agentNames : otherNames).apply(raw);
  }

  /** The host name of an HTTP request's authority, as a fact of its flow; null where it is an address or empty. */
  public static String nameOfAuthority(String authority) {
    String host = NamePolicy.hostOf(authority);
    return host.isEmpty() || NamePolicy.isAddress(host) ? null : host;
  }

  /** A local process, from the path of its executable. */
  public static Process process(Integer pid, String executable, String containerId) {
    return new Process(
        pid, Sanitizer.PROCESS_NAME.clean(executable), Sanitizer.CONTAINER_ID.clean(containerId));
  }

  /** The name of a TLS or DTLS version as on the wire. */
  public static String tlsVersion(int version) {
    return switch (version) {
      case 0x0200, 0x0002 -> "SSLv2";
      case 0x0300 -> "SSLv3";
      case 0x0301 -> "TLSv1.0";
      case 0x0302 -> "TLSv1.1";
      case 0x0303 -> "TLSv1.2";
      case 0x0304 -> "TLSv1.3";
      case 0xFEFF -> "DTLSv1.0";
      case 0xFEFD -> "DTLSv1.2";
      case 0xFEFC -> "DTLSv1.3";
      default -> String.format("0x%04x", version & 0xFFFF);
    };
  }

  private Request request(Observation.Request o, boolean agent) {
    // CONNECT names its destination in the target, where the path of others stands.
    boolean connect = "CONNECT".equals(o.method());
    String authority = connect && o.authority() == null ? o.target() : o.authority();
    return new Request(
        o.exchange(),
        orElse(constants.apply(o.protocol()), "unknown"),
        evidence(o.evidence()),
        o.confidence(),
        o.ambiguous(),
        o.complete(),
        o.start(),
        o.end(),
        o.sequence() < 0 ? null : o.sequence(),
        o.bytes(),
        o.bodyBytes(),
        methods.apply(o.method()),
        (agent ? agentAuthorities : otherAuthorities).apply(authority),
        cleanPaths.apply(o.target()),
        mediaTypes.apply(o.contentType()),
        session(o.session()),
        versions.apply(o.mcpProtocolVersion()),
        rpcMethods.apply(o.mcpMethod()),
        rpcTargets.apply(o.mcpName()),
        o.retryCount(),
        o.rpcRequests(),
        o.rpcNotifications(),
        o.rpcResponses());
  }

  private ResponseStart responseStart(Observation.ResponseStart o) {
    return new ResponseStart(
        o.exchange(),
        o.time(),
        o.sequence() < 0 ? null : o.sequence(),
        evidence(o.evidence()),
        o.status(),
        mediaTypes.apply(o.contentType()),
        session(o.session()),
        o.retryAfterMicros(),
        o.rateLimitRemainingRequests(),
        o.rateLimitRemainingTokens());
  }

  private static ResponseEnd responseEnd(Observation.ResponseEnd o) {
    return new ResponseEnd(
        o.exchange(),
        o.time(),
        evidence(o.evidence()),
        Outcome.valueOf(o.outcome().name()),
        o.complete(),
        o.ambiguous(),
        o.confidence(),
        o.bytes(),
        o.bodyBytes(),
        o.streamed(),
        o.chunks(),
        o.firstChunk(),
        o.firstToken());
  }

  private RpcCall rpcCall(Observation.RpcCall o) {
    return new RpcCall(
        o.exchange(),
        o.index(),
        RpcDirection.valueOf(o.direction().name()),
        o.start(),
        o.end(),
        o.bytes(),
        o.notification(),
        rpcId(o.id()),
        orElse(rpcMethods.apply(o.method()), "_"),
        rpcTargets.apply(o.target()),
        session(o.session()),
        transport(o.transport()),
        versions.apply(o.protocolVersion()),
        peerNames.apply(o.peerName()),
        versions.apply(o.peerVersion()),
        rpcId(o.cancelledId()),
        o.mcp());
  }

  private RpcResult rpcResult(Observation.RpcResult o) {
    return new RpcResult(
        o.exchange(),
        o.index(),
        RpcDirection.valueOf(o.direction().name()),
        o.start(),
        o.end(),
        o.bytes(),
        rpcId(o.id()),
        session(o.session()),
        transport(o.transport()),
        o.errorCode(),
        o.isError(),
        versions.apply(o.protocolVersion()),
        peerNames.apply(o.peerName()),
        versions.apply(o.peerVersion()));
  }

  private TlsClientHello clientHello(Observation.ClientHello o, boolean agent) {
    return new TlsClientHello(
        o.time(),
        orElse(constants.apply(o.transport()), "tcp"),
        serverName(o.serverName(), agent),
        each(o.alpn(), Sanitizer.ALPN),
        tlsVersion(o.version()),
        Sanitizer.JA4.clean(o.ja4()),
        o.ech(),
        o.resumption(),
        o.earlyData(),
        hash.of(KeyedHash.Kind.TLS_RANDOM, o.random()));
  }

  private static TlsServerHello serverHello(Observation.ServerHello o) {
    return new TlsServerHello(
        o.time(),
        tlsVersion(o.version()),
        o.cipher(),
        Sanitizer.ALPN.clean(o.alpn()),
        o.helloRetryRequest(),
        o.resumed());
  }

  private LlmUsage llmUsage(Observation.LlmUsage o) {
    return new LlmUsage(
        o.exchange(),
        constants.apply(o.api()),
        models.apply(o.model()),
        o.inputTokens(),
        o.outputTokens(),
        o.cachedTokens(),
        Sanitizer.FINISH_REASON.clean(o.finishReason()),
        each(o.toolCalls(), Sanitizer.NAME),
        Sanitizer.ERROR_CODE.clean(o.error()));
  }

  private DnsAnswer dnsAnswer(Observation.DnsAnswer o, boolean agent) {
    return new DnsAnswer(
        o.exchange(),
        serverName(o.name(), agent),
        Sanitizer.DNS_TYPE.clean(o.type()),
        o.code(),
        each(o.addresses(), Sanitizer.ADDRESS),
        o.ttlSeconds());
  }

  /** An integer stays an integer, a plain token stays text, anything else is hashed: 1 is not "1". */
  private Object rpcId(Object id) {
    if (id == null || id instanceof Long) {
      return id;
    }
    if (id instanceof Integer number) {
      return number.longValue();
    }
    String text = id.toString();
    boolean plain = Sanitizer.RPC_ID.accepts(text) && text.charAt(0) != KeyedHash.MARK;
    return plain ? text : KeyedHash.MARK + hash.of(KeyedHash.Kind.RPC_ID, text);
  }

  private String session(String raw) {
    return sessions.apply(raw);
  }

  private static List<String> each(List<String> raw, Sanitizer sanitizer) {
    if (raw == null || raw.isEmpty()) {
      return List.of();
    }
    var out = new ArrayList<String>(Math.min(raw.size(), MAX_LIST));
    for (String text : raw) {
      String clean = out.size() < MAX_LIST ? sanitizer.clean(text) : null;
      if (clean != null) {
        out.add(clean);
      }
    }
    return out;
  }

  private static Evidence evidence(Observation.Evidence evidence) {
    return evidence == null ? Evidence.UNKNOWN : Evidence.valueOf(evidence.name());
  }

  private static McpTransport transport(Observation.McpTransport transport) {
    return transport == null ? McpTransport.UNKNOWN : McpTransport.valueOf(transport.name());
  }

  private static String orElse(String text, String other) {
    return Objects.requireNonNullElse(text, other);
  }
}
