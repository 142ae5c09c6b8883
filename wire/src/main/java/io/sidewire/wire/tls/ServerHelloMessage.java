package io.sidewire.wire.tls;

import io.sidewire.wire.Observation.ServerHello;
import java.util.Arrays;
import java.util.HexFormat;

/** A server hello as it was sent (RFC 8446 section 4.1.3), a HelloRetryRequest included. */
public final class ServerHelloMessage {
  /** The SHA-256 of "HelloRetryRequest", which stands in place of the random. */
  private static final byte[] RETRY_RANDOM =
      HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

  int legacyVersion;
  byte[] random = {};
  byte[] sessionId = {};
  int cipher;
  int selectedVersion;
  String alpn;
  boolean preSharedKey;
  boolean encryptThenMac;
  boolean retry;

  /** False where the capture cut it: the version chosen and what follows may be unknown. */
  boolean whole;

  private ServerHelloMessage() {}

  /** Reads the body of a server hello; null where it is none. */
  public static ServerHelloMessage parse(
      byte[] bytes, int offset, int length, boolean datagram, boolean cut) {
    ServerHelloMessage hello = new ServerHelloMessage();
    ByteView in = new ByteView(bytes, offset, length);
    hello.legacyVersion = in.u16();
    hello.random = in.take(32);
    boolean known = datagram
        ? hello.legacyVersion >>> 8 == 0xfe || hello.legacyVersion == 0x100
        : hello.legacyVersion >>> 8 == 3 || draft(hello.legacyVersion);
    if (!in.good() || !known) {
      return null;
    }
    hello.retry = Arrays.equals(hello.random, RETRY_RANDOM);
    if (draft(hello.legacyVersion)) {
      // Until draft 21 the server hello of TLS 1.3 had neither session id nor compression.
      hello.cipher = in.u16();
    } else {
      int idLength = in.u8();
      if (idLength > 32) {
        return null;
      }
      hello.sessionId = in.take(idLength);
      hello.cipher = in.u16();
      in.skip(1);
    }
    if (in.hasMore()) {
      hello.readExtensions(in.sub(in.u16()));
    }
    hello.whole = in.good() && !cut;
    return hello.whole || cut ? hello : null;
  }

  private static boolean draft(int version) {
    return version >>> 8 == 0x7f;
  }

  private void readExtensions(ByteView in) {
    while (in.hasMore()) {
      int type = in.u16();
      ByteView body = in.sub(in.u16());
      if (!in.good()) {
        return;
      }
      switch (type) {
        case Hello.SUPPORTED_VERSIONS -> selectedVersion = body.u16();
        case Hello.PRE_SHARED_KEY -> preSharedKey = true;
        case Hello.ENCRYPT_THEN_MAC -> encryptThenMac = true;
        case Hello.ALPN -> {
          ByteView list = body.sub(body.u16());
          byte[] name = list.take(list.u8());
          alpn = list.good() ? HostNames.printable(name) : null;
        }
        default -> {}
      }
    }
  }

  /** The version chosen. */
  public int version() {
    return selectedVersion != 0 ? selectedVersion : legacyVersion;
  }

  public boolean tls13() {
    int version = version();
    return version == 0x304 || draft(version) || version == 0xfefc;
  }

  /** @param client null where its hello was not seen */
  public ServerHello observation(long time, String transport, Hello client) {
    boolean echoed =
        client != null && client.sessionId.length > 0 && Arrays.equals(client.sessionId, sessionId);
    boolean resumed = tls13() ? preSharedKey : whole && echoed;
    return new ServerHello(time, transport, version(), cipher, alpn, retry, resumed);
  }
}
