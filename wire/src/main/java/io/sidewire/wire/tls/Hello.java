package io.sidewire.wire.tls;

import io.sidewire.wire.Observation.ClientHello;
import java.util.ArrayList;
import java.util.List;

/**
 * A client hello as it was sent (RFC 8446 section 4.1.2), of TLS over TCP, QUIC or DTLS. Numbers are as on the wire, in the
 * order of the wire, GREASE included.
 */
public final class Hello {
  static final int SERVER_NAME = 0;
  static final int SUPPORTED_GROUPS = 10;
  static final int POINT_FORMATS = 11;
  static final int SIGNATURE_ALGORITHMS = 13;
  static final int ALPN = 16;
  static final int ENCRYPT_THEN_MAC = 22;
  static final int SESSION_TICKET = 35;
  static final int PRE_SHARED_KEY = 41;
  static final int EARLY_DATA = 42;
  static final int SUPPORTED_VERSIONS = 43;
  static final int PSK_KEY_EXCHANGE_MODES = 45;
  static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;

  private static final int MOST_NAMES = 64;

  /** The legacy version field. */
  public int legacyVersion;

  public byte[] random = {};
  public byte[] sessionId = {};
  public int[] ciphers = {};
  public int[] extensions = {};
  public int[] groups = {};
  public int[] pointFormats = {};
  public int[] signatureAlgorithms = {};
  public int[] supportedVersions = {};

  /** Lower case, without a trailing dot; null where none was sent or it is no host name. */
  public String serverName;

  public final List<String> alpn = new ArrayList<>(4);

  /** The first protocol as bytes, for fingerprints. */
  byte[] firstAlpn = {};

  public boolean ticket;
  public boolean preSharedKey;
  public boolean earlyData;
  public boolean encrypted;

  /** False where the capture has only the beginning of it. */
  public boolean whole;

  private Hello() {}

  /**
   * Reads the body of a client hello (without the handshake header).
   *
   * @param datagram with the cookie of DTLS
   * @param cut the capture lacks the rest: read what is there
   * @return null where this is no client hello
   */
  public static Hello parse(byte[] bytes, int offset, int length, boolean datagram, boolean cut) {
    Hello hello = new Hello();
    ByteView in = new ByteView(bytes, offset, length);
    hello.legacyVersion = in.u16();
    hello.random = in.take(32);
    if (!in.good() || !versionFits(hello.legacyVersion, datagram)) {
      return null;
    }
    int idLength = in.u8();
    if (idLength > 32) {
      return null;
    }
    hello.sessionId = in.take(idLength);
    if (datagram) {
      in.skip(in.u8());
    }
    int cipherBytes = in.u16();
    if (cipherBytes % 2 != 0 || in.good() && cipherBytes == 0) {
      return null;
    }
    hello.ciphers = numbers(in.sub(cipherBytes));
    ByteView compression = in.sub(in.u8());
    if (in.good() && compression.left() == 0) {
      return null;
    }
    if (in.hasMore()) {
      // SSLv3 and old TLS hellos end here.
      ByteView extensions = in.sub(in.u16());
      hello.readExtensions(extensions);
      // What follows inside the message is padding of old stacks, or garbage: either way not ours.
      if (!extensions.good() && !cut) {
        return null;
      }
    }
    hello.whole = in.good() && !cut;
    return hello.whole || cut ? hello : null;
  }

  private static boolean versionFits(int version, boolean datagram) {
    return datagram
        ? version >>> 8 == 0xfe || version == 0x100
        : version >>> 8 == 3 || version >>> 8 == 0x7f;
  }

  private void readExtensions(ByteView in) {
    int[] types = new int[16];
    int count = 0;
    while (in.hasMore()) {
      int type = in.u16();
      int length = in.u16();
      if (!in.good()) {
        break;
      }
      if (count == types.length) {
        types = java.util.Arrays.copyOf(types, count * 2);
      }
      types[count++] = type;
      readExtension(type, length, in.sub(length));
    }
    extensions = java.util.Arrays.copyOf(types, count);
  }

  private void readExtension(int type, int length, ByteView body) {
    switch (type) {
      case SERVER_NAME -> serverName = readServerName(body);
      case SUPPORTED_GROUPS -> groups = numbers(body.sub(body.u16()));
      case POINT_FORMATS -> pointFormats = bytesOf(body.sub(body.u8()));
      case SIGNATURE_ALGORITHMS -> signatureAlgorithms = numbers(body.sub(body.u16()));
      case ALPN -> readAlpn(body.sub(body.u16()));
      case SESSION_TICKET -> ticket = length > 0;
      case PRE_SHARED_KEY -> preSharedKey = true;
      case EARLY_DATA -> earlyData = true;
      case SUPPORTED_VERSIONS -> supportedVersions = numbers(body.sub(body.u8()));
      case ENCRYPTED_CLIENT_HELLO -> encrypted = true;
      default -> {}
    }
  }

  private static String readServerName(ByteView body) {
    ByteView list = body.sub(body.u16());
    while (list.hasMore()) {
      int type = list.u8();
      ByteView name = list.sub(list.u16());
      if (!list.good()) {
        return null;
      }
      if (type == 0) {
        return HostNames.clean(name);
      }
    }
    return null;
  }

  private void readAlpn(ByteView list) {
    while (list.hasMore() && alpn.size() < MOST_NAMES) {
      byte[] name = list.take(list.u8());
      if (!list.good()) {
        return;
      }
      if (alpn.isEmpty()) {
        firstAlpn = name;
      }
      alpn.add(HostNames.printable(name));
    }
  }

  private static int[] numbers(ByteView in) {
    int[] numbers = new int[in.left() / 2];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.u16();
    }
    return numbers;
  }

  private static int[] bytesOf(ByteView in) {
    int[] numbers = new int[in.left()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.u8();
    }
    return numbers;
  }

  /** 0x0a0a, 0x1a1a, … 0xfafa: reserved by RFC 8701 so that servers learn to ignore what they do not know. */
  static boolean grease(int number) {
    return (number & 0x0f0f) == 0x0a0a && number >>> 8 == (number & 0xff);
  }

  /** The highest version offered. */
  public int version() {
    int best = 0;
    for (int version : supportedVersions) {
      if (!grease(version) && rank(version) > rank(best)) {
        best = version;
      }
    }
    return best == 0 ? legacyVersion : best;
  }

  /** Newer is greater; DTLS counts down on the wire, drafts of TLS 1.3 come below the standard. */
  static int rank(int version) {
    if (version >>> 8 == 0xfe) {
      return 0x10000 + 0x100 - (version & 0xff);
    }
    return version >>> 8 == 0x7f ? 0x303 * 0x100 + (version & 0xff) : version * 0x100;
  }

  public boolean offersTls13() {
    int version = version();
    return version == 0x304 || version >>> 8 == 0x7f || version == 0xfefc;
  }

  public boolean has(int extension) {
    for (int type : extensions) {
      if (type == extension) {
        return true;
      }
    }
    return false;
  }

  /** A session is to be resumed: a pre-shared key, a non-empty ticket, or the session id of TLS 1.2. */
  public boolean resumption() {
    return preSharedKey || ticket;
  }

  /** @param transport tcp, quic or dtls */
  public ClientHello observation(long time, String transport) {
    return new ClientHello(
        time,
        transport,
        serverName,
        List.copyOf(alpn),
        version(),
        whole ? Ja3.of(this) : null,
        whole ? Ja4.of(this, transport.charAt(0)) : null,
        encrypted,
        resumption(),
        earlyData,
        random.clone());
  }
}
