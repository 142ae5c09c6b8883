package io.sidewire.wire.tls;

/**
 * The rules by which exchanges are read from encrypted records: every threshold, with its reason and its source.
 *
 * <p>Source of the figures marked <i>measured</i>: captures of six client libraries (Node fetch, undici, curl, OkHttp, JDK
 * and openai-node) against servers on OpenSSL and JSSE, with the truth from the decrypted packets. The rules build on each
 * other in levels:
 *
 * <pre>
 * level | rule                                                           | precision, recall, first byte right
 * L0    | a client record after a server record opens an exchange        | 0.82  0.985  0.72
 * L1    | TLS 1.3: handshake and close_notify are of type 23 too: drop   | 0.87  0.985  0.72
 * L2    | drop what a server says by itself before its first answer      | 0.96  0.985  0.94
 * L3    | HTTP/2 control frames are no messages, known by their size     | 1.00  0.995  0.99
 * L4    | HTTP/2: a request while another waits is one of several        | counts only, marked ambiguous
 * </pre>
 *
 * Sizes here are of plaintext unless said otherwise: record length less the {@linkplain #overhead overhead} of the cipher.
 */
final class InferenceRules {

  // L1: what TLS 1.3 itself sends under type 23.

  /** An alert (2 bytes), its inner type and the tag: close_notify in nearly every case. */
  static final int ALERT_13 = 2 + 17;

  /** JSSE pads each record of TLS 1.3 with so many zeros; measured, and in its source (SSLCipher, T13PaddingHolder). */
  static final int PADDING = 16;

  /** EndOfEarlyData: an empty handshake message. */
  static final int END_OF_EARLY_DATA = 4 + 17;

  /** Finished with SHA-256 and with SHA-384: a record of its own in OpenSSL, BoringSSL, Go, rustls and JSSE clients. */
  static final int FINISHED_SHA256 = 4 + 32 + 17;

  static final int FINISHED_SHA384 = 4 + 48 + 17;

  /** Certificate, CertificateVerify, Finished and one to spare: longest flight with which a client ends its handshake. */
  static final int CLIENT_FLIGHT = 4;

  // L2: tickets and SETTINGS.

  /** Longest record of a small session ticket. Measured: OpenSSL 282, two of equal length; Go and rustls are shorter. */
  static final int SMALL_TICKET_RECORD = 350;

  /** Longest record of which an equal pair is believed to be tickets: two first answer records are hardly ever equal. */
  static final int PAIRED_TICKET_RECORD = 1500;

  /** A first burst of at most so much may be tickets. Measured: JSSE sends one record of 2217. */
  static final int LEAD_BYTES = 5000;

  static final int LEAD_RECORDS = 4;

  /** Such a burst comes within this time of the client's Finished, or two round trips. Measured: 5 to 16 ms. */
  static final long LEAD_EARLY = 40_000;

  /** And it is followed by this much silence before the answer. */
  static final long LEAD_SILENCE = 25_000;

  /** A single small record later than this is an answer and no ticket. Measured: 2 to 110 ms, 500 ms from a busy server. */
  static final long TICKET_LATEST = 600_000;

  /** And so it is where the next one follows in the rhythm of a stream. */
  static final long STREAM_RHYTHM = 60_000;

  // L3: HTTP/2 control frames (9 bytes of header each) and other small records.

  /** SETTINGS acknowledgement, or an empty DATA frame that ends a stream. */
  static final int EMPTY_FRAME = 9;

  /** WINDOW_UPDATE or RST_STREAM. */
  static final int UPDATE_FRAME = 13;

  /** PING or GOAWAY. */
  static final int PING_FRAME = 17;

  /** A client's control frames are shorter; the shortest first request over HTTP/2 that was seen has 130. */
  static final int CLIENT_CONTROL = 48;

  /** Shortest HTTP/1.1 request: "GET / HTTP/1.0" and two line ends. */
  static final int SHORTEST_H1 = 18;

  /** Shortest believed request where it may be HTTP/2 on a cold connection. */
  static final int SHORTEST_REQUEST = 80;

  /**
   * A server's control frames, and "100 Continue" (25), do not begin an answer. On a warm HTTP/2 connection the headers of an
   * answer may be shorter (measured: Go, 19); then only the sizes of control frames do not.
   */
  static final int SERVER_CONTROL = 28;

  /** Longest SETTINGS with a WINDOW_UPDATE and acknowledgement behind it, of a server: nginx 49, Envoy 61, Go 67. */
  static final int SERVER_SETTINGS = 110;

  /** Preface (24), SETTINGS and WINDOW_UPDATE of a client as a record of their own. Measured: curl 64, OkHttp 68. */
  static final int CLIENT_PREFACE = 103;

  /** EncryptedExtensions with the ALPN answer h2, without and with an empty server_name. Measured: OpenSSL. */
  static boolean extensionsSayH2(int record) {
    return record == 32 || record == 36;
  }

  /** The same with http/1.1. */
  static boolean extensionsSayH1(int record) {
    return record == 38 || record == 42;
  }

  // L4: several streams at once.

  /**
   * Records of one request follow each other faster than this, unless it is an upload. Measured: the JDK's client sends
   * HEADERS and DATA up to 4 ms apart, the others under 1 ms; a busy machine makes more of it. Requests closer than this are
   * told apart by the ends of their answers.
   */
  static final long BURST = 15_000;

  /**
   * The first request of an HTTP/2 connection spells its header fields, those behind it name them by index: measured, they
   * shrink to a third with a body of 100 bytes.
   */
  static final int INDEXED = 4;

  /** A client record as long as this says that more of the same body follows. */
  static final int BULK_RECORD = 8000;

  /** Headers of a request without its body. Measured: 60 to 700 bytes. */
  static final int HEADERS = 1000;

  /**
   * A DATA frame's header may travel in a record of its own, nine bytes too; its data follows within this time, or is a
   * record of the size that bodies are cut into. Measured: Go's server, curl's uploads.
   */
  static final long FRAME_SPLIT = 1_000;

  static final int FULL_RECORD = 16_000;

  /** From so many bytes of request on, a server's window updates come in rows. Measured: Go, six in one record. */
  static final int UPLOAD = 8000;

  // Streaming, measured: 5 records and 3 gaps, no mistake in 355 answers.

  static final int STREAM_RECORDS = 5;
  static final int STREAM_GAPS = 3;
  static final long STREAM_GAP = 4_000;

  /** So many small records are a stream even without gaps: nobody cuts one body so fine. */
  static final int STREAM_SMALL_RECORDS = 12;

  static final int STREAM_SMALL = 1200;

  /** A gap beside a record as long as this is TCP waiting for acknowledgements, not a model thinking. */
  static final int BULK_ANSWER = 4096;

  // Time.

  /** After so much silence an unanswered request is taken to be complete. */
  static final long REQUEST_QUIET = 300_000;

  /** After so much silence an answer is reported as ended; what still comes revises it. */
  static final long ANSWER_QUIET = 600_000;

  /** Silence after which overlapping exchanges are one busy period no longer. */
  static final long BUSY_QUIET = 1_000_000;

  /** A control-sized record this long after the last is no part of the answer. */
  static final long TRAILING_CONTROL = 1_000_000;

  private InferenceRules() {}

  /** Bytes that protection adds to a plaintext, at least; for CBC up to {@link #slack} more. */
  static int overhead(boolean tls13, int cipher) {
    if (tls13) {
      return 17; // the tag and the inner type
    }
    return switch (family(cipher)) {
      case GCM -> 24; // explicit nonce and tag
      case CCM_8 -> 16;
      case CHACHA -> 16;
      case CBC_SHA -> 16 + 20 + 1;
      case CBC_SHA256 -> 16 + 32 + 1;
      case CBC_SHA384 -> 16 + 48 + 1;
      case UNKNOWN -> 17;
    };
  }

  /** How much longer than {@link #overhead} a record may be: the padding of CBC. */
  static int slack(boolean tls13, int cipher) {
    if (tls13) {
      return 0;
    }
    return switch (family(cipher)) {
      case CBC_SHA, CBC_SHA256, CBC_SHA384 -> 15;
      default -> 0;
    };
  }

  private enum Family {
    GCM,
    CCM_8,
    CHACHA,
    CBC_SHA,
    CBC_SHA256,
    CBC_SHA384,
    UNKNOWN
  }

  /** By the cipher suite's number in the IANA registry. */
  private static Family family(int cipher) {
    if (cipher >= 0xcca8 && cipher <= 0xccae) {
      return Family.CHACHA;
    }
    if (cipher >= 0xc09c && cipher <= 0xc0af) {
      boolean eight = cipher >= 0xc0a0 && cipher <= 0xc0a3
          || cipher >= 0xc0a8 && cipher != 0xc0ac && cipher != 0xc0ad;
      return eight ? Family.CCM_8 : Family.GCM;
    }
    boolean gcm = cipher >= 0x9c && cipher <= 0xa9 || cipher >= 0xc02b && cipher <= 0xc032;
    if (gcm) {
      return Family.GCM;
    }
    return switch (cipher) {
      case 0x003c, 0x003d, 0x0040, 0x0067, 0x006a, 0x006b, 0xc023, 0xc027 -> Family.CBC_SHA256;
      case 0xc024, 0xc028 -> Family.CBC_SHA384;
      case 0x000a, 0x002f, 0x0033, 0x0035, 0x0039, 0xc009, 0xc00a, 0xc013, 0xc014 -> Family.CBC_SHA;
      default -> Family.UNKNOWN;
    };
  }

  /**
   * Does a record hold a Finished and nothing else?
   *
   * @param cipher 0 where unknown
   * @return the padding in it; -1 where it holds something else
   */
  static int finishedPadding(int record, int cipher) {
    int bare = cipher == 0x1302 ? FINISHED_SHA384 : FINISHED_SHA256;
    if (record == bare || cipher == 0 && record == FINISHED_SHA384) {
      return 0;
    }
    return record == bare + PADDING ? PADDING : -1;
  }

  /** A row of WINDOW_UPDATEs, as a server sends them during an upload. */
  static boolean windowUpdates(int plain) {
    return plain % UPDATE_FRAME == 0 && plain <= 16 * UPDATE_FRAME;
  }

  /** One frame, or two as they go together, that steer an HTTP/2 connection and carry no message. */
  static boolean controlFrames(int plain) {
    return switch (plain) {
      case EMPTY_FRAME,
          UPDATE_FRAME,
          PING_FRAME,
          2 * EMPTY_FRAME,
          EMPTY_FRAME + UPDATE_FRAME,
          2 * UPDATE_FRAME -> true;
      default -> false;
    };
  }
}
