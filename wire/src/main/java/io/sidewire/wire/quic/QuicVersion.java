package io.sidewire.wire.quic;

import java.util.HexFormat;

/** A version of QUIC whose Initial packets can be read: their keys follow from what is on the wire and a published salt. */
enum QuicVersion {
  /** RFC 9000 and 9001; drafts 33 and 34 had the same salt. */
  V1("38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "quic ", 0),
  /** RFC 9369. */
  V2("0dede3def700a6db819381be6e269dcbf9bd2ed9", "quicv2 ", 1),
  DRAFT_29("afbfec289993d24c9e9786f19c6111e04390a899", "quic ", 0),
  DRAFT_23("c3eef712c72ebb5a11a7d2432bb46365bef9f502", "quic ", 0);

  private static final int DRAFTS = 0xff000000;

  final byte[] salt;
  final String label;
  final int initialType;

  QuicVersion(String salt, String label, int initialType) {
    this.salt = HexFormat.of().parseHex(salt);
    this.label = label;
    this.initialType = initialType;
  }

  /** @return null for a version that is not known, negotiation (0) included */
  static QuicVersion of(int number) {
    if (number == 1) {
      return V1;
    }
    if (number == 0x6b3343cf) {
      return V2;
    }
    int draft = number - DRAFTS;
    if (draft >= 33 && draft <= 34) {
      return V1;
    }
    if (draft >= 29 && draft <= 32) {
      return DRAFT_29;
    }
    return draft >= 23 && draft <= 28 ? DRAFT_23 : null;
  }

  /** Retry has the type before Initial, counted round four. */
  int retryType() {
    return initialType + 3 & 3;
  }
}
