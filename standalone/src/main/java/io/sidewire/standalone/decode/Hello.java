package io.sidewire.standalone.decode;

import io.sidewire.schemas.Endpoint;
import java.util.List;

/**
 * What a TLS, QUIC or DTLS client said of itself.
 *
 * @param version the one chosen, or where no server answered the highest offered
 */
public record Hello(
    String flowId,
    Endpoint client,
    Endpoint server,
    String transport,
    String serverName,
    List<String> alpn,
    String version,
    String ja3,
    String ja4,
    boolean ech) {}
