package io.sidewire.wire.tls;

import io.sidewire.wire.Side;

/** What is known of a TLS connection beside its records: versions, cipher, HTTP version, times of the handshake. */
final class Session {
  /** Null while unknown. */
  Boolean tls13;

  boolean offersTls13;
  int cipher;
  Http http = Http.UNKNOWN;

  /** A hello was seen: the connection is read from its beginning. */
  boolean handshakeSeen;

  /** The client takes tickets (psk_key_exchange_modes), or its hello was not read. */
  boolean ticketsOffered = true;

  /** Length of a ticket that came with the server's handshake; -1 where none did. */
  int earlyTicket = -1;

  boolean earlyData;
  boolean resumed;

  /** ALPN names a protocol that is no HTTP: it has no exchanges as we know them. */
  boolean noHttp;

  long clientHelloTime;
  long serverHelloTime;

  /** When the client had ended the handshake; 0 while unknown. */
  long finishedTime;

  void clientHello(Hello hello, long time) {
    handshakeSeen = true;
    clientHelloTime = time;
    earlyData = hello.earlyData;
    if (!hello.whole) {
      return;
    }
    offersTls13 = hello.offersTls13();
    ticketsOffered = hello.has(Hello.PSK_KEY_EXCHANGE_MODES);
    if (hello.encrypted) {
      return; // the inner hello may offer other protocols
    }
    boolean two = hello.alpn.contains("h2");
    boolean one =
        hello.alpn.isEmpty() || hello.alpn.stream().anyMatch(name -> name.startsWith("http/"));
    if (!two) {
      http = Http.ONE;
      noHttp = !one;
    } else if (!one) {
      http = Http.TWO;
    }
  }

  void serverHello(ServerHelloMessage answer, Hello hello, long time) {
    handshakeSeen = true;
    serverHelloTime = time;
    tls13 = answer.tls13();
    cipher = answer.cipher;
    resumed = answer.observation(time, "tcp", hello).resumed();
    if (!answer.tls13()) {
      // The answer to ALPN is clear up to TLS 1.2, and so is its absence.
      http = "h2".equals(answer.alpn) ? Http.TWO : Http.ONE;
      noHttp |= answer.alpn != null && http == Http.ONE && !answer.alpn.startsWith("http/");
    }
  }

  /** Between the two hellos: at least a round trip, where the client is near; 0 where unknown. */
  long roundTrip() {
    return clientHelloTime > 0 && serverHelloTime > 0
        ? Math.max(0, serverHelloTime - clientHelloTime)
        : 0;
  }

  boolean mayBeH2() {
    return http != Http.ONE;
  }

  /** Zeros with which the client pads each record of TLS 1.3; its Finished tells. */
  int clientPadding;

  /** The server may pad likewise: its handshake came in one record, which hides its Finished. */
  boolean serverMayPad;

  /** Plaintext of a record, as an upper bound: at most {@link #slack} more than there is. */
  int plain(Side side, int length) {
    int padding = side == Side.CLIENT ? clientPadding : 0;
    return length - InferenceRules.overhead(tls13 == null || tls13, cipher) - padding;
  }

  int slack(Side side) {
    if (side == Side.SERVER && serverMayPad) {
      return InferenceRules.PADDING;
    }
    return InferenceRules.slack(tls13 == null || tls13, cipher);
  }

  /** The record holds so many bytes and no others, or may do so. */
  boolean holds(Side side, int plain, int bytes) {
    return plain == bytes && slack(side) % InferenceRules.PADDING == 0
        || side == Side.SERVER && serverMayPad && plain == bytes + InferenceRules.PADDING;
  }
}
