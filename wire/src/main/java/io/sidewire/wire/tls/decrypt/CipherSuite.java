package io.sidewire.wire.tls.decrypt;

import java.util.HashMap;
import java.util.Map;

/**
 * How the records of a cipher suite are protected.
 *
 * @param hash of the key schedule or the PRF, as in {@code HmacSHA256} without its Hmac
 * @param mac of the records' HMAC; null with an AEAD
 */
record CipherSuite(Kind kind, int keyBytes, String hash, String mac, int macBytes) {

  /** The construction. */
  enum Kind {
    GCM(16),
    CHACHA20(16),
    CCM(16),
    CCM_8(8),
    CBC(0);

    final int tagBytes;

    Kind(int tagBytes) {
      this.tagBytes = tagBytes;
    }
  }

  private static final String SHA256 = "SHA256";
  private static final String SHA384 = "SHA384";
  private static final Map<Integer, CipherSuite> KNOWN = new HashMap<>();

  static {
    aead(Kind.GCM, 16, SHA256, 0x1301, 0x9c, 0x9e, 0xa0, 0xa2, 0xa4, 0xa6, 0xa8, 0xaa, 0xac);
    aead(Kind.GCM, 16, SHA256, 0xc02b, 0xc02d, 0xc02f, 0xc031, 0xd001);
    aead(Kind.GCM, 32, SHA384, 0x1302, 0x9d, 0x9f, 0xa1, 0xa3, 0xa5, 0xa7, 0xa9, 0xab, 0xad);
    aead(Kind.GCM, 32, SHA384, 0xc02c, 0xc02e, 0xc030, 0xc032, 0xd002);
    aead(Kind.CHACHA20, 32, SHA256, 0x1303, 0xcca8, 0xcca9, 0xccaa, 0xccab, 0xccac, 0xccad, 0xccae);
    aead(Kind.CCM, 16, SHA256, 0x1304, 0xc09c, 0xc09e, 0xc0a4, 0xc0a6, 0xc0ac, 0xd005);
    aead(Kind.CCM, 32, SHA256, 0xc09d, 0xc09f, 0xc0a5, 0xc0a7, 0xc0ad);
    aead(Kind.CCM_8, 16, SHA256, 0x1305, 0xc0a0, 0xc0a2, 0xc0a8, 0xc0aa, 0xc0ae, 0xd003);
    aead(Kind.CCM_8, 32, SHA256, 0xc0a1, 0xc0a3, 0xc0a9, 0xc0ab, 0xc0af);
    cbc(16, SHA256, "SHA1", 20, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x8c, 0x90, 0x94);
    cbc(16, SHA256, "SHA1", 20, 0xc004, 0xc009, 0xc00e, 0xc013, 0xc018, 0xc035);
    cbc(32, SHA256, "SHA1", 20, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x8d, 0x91, 0x95);
    cbc(32, SHA256, "SHA1", 20, 0xc005, 0xc00a, 0xc00f, 0xc014, 0xc019, 0xc036);
    cbc(16, SHA256, SHA256, 32, 0x3c, 0x3e, 0x3f, 0x40, 0x67, 0x6c, 0xae, 0xb2, 0xb6);
    cbc(16, SHA256, SHA256, 32, 0xc023, 0xc025, 0xc027, 0xc029, 0xc037);
    cbc(32, SHA256, SHA256, 32, 0x3d, 0x68, 0x69, 0x6a, 0x6b, 0x6d);
    cbc(32, SHA384, SHA384, 48, 0xaf, 0xb3, 0xb7, 0xc024, 0xc026, 0xc028, 0xc02a, 0xc038);
  }

  private static void aead(Kind kind, int keyBytes, String hash, int... ids) {
    for (int id : ids) {
      KNOWN.put(id, new CipherSuite(kind, keyBytes, hash, null, 0));
    }
  }

  private static void cbc(int keyBytes, String hash, String mac, int macBytes, int... ids) {
    for (int id : ids) {
      KNOWN.put(id, new CipherSuite(Kind.CBC, keyBytes, hash, mac, macBytes));
    }
  }

  /** The suite of that number; null where it is not known here. */
  static CipherSuite of(int id) {
    return KNOWN.get(id);
  }

  int hashBytes() {
    return hash.equals(SHA384) ? 48 : 32;
  }

  /** Bytes of the nonce that come from the key block of TLS 1.2. */
  int fixedNonce() {
    return switch (kind) {
      case GCM, CCM, CCM_8 -> 4;
      case CHACHA20 -> 12;
      case CBC -> 0;
    };
  }
}
