package io.sidewire.wire.flow;

import io.sidewire.wire.Limits;
import io.sidewire.wire.Side;
import io.sidewire.wire.http.HttpSniff;
import io.sidewire.wire.http2.Http2Sniff;
import io.sidewire.wire.tls.TlsSniff;
import java.util.Arrays;

/**
 * Says from the first bytes behind a boundary, of either side, what protocol they are. A boundary is where a message may
 * begin: the start of the flow, a change of speaker, the end of a gap, the end of a line.
 */
final class Sniffer {

  /** What the bytes show. */
  enum Verdict {
    /** Nothing yet. */
    MORE,
    NOTHING,
    TLS,
    HTTP,
    HTTP2
  }

  private final int limit;
  private final boolean flowStart;
  private final byte[][] prefixes = new byte[2][];
  private final boolean[] closed = new boolean[2];
  private Verdict verdict = Verdict.MORE;
  private Side client;

  /** @param flowStart the boundary is the start of the flow, where an SSLv2 hello may stand */
  Sniffer(Limits limits, boolean flowStart) {
    this.limit = limits.startLine();
    this.flowStart = flowStart;
  }

  /** With a verdict: the side that acts as the client; null where the bytes do not say. */
  Side client() {
    return client;
  }

  /** Takes the next bytes of a side. */
  Verdict data(Side from, byte[] bytes, int offset, int length) {
    int side = from.ordinal();
    if (verdict != Verdict.MORE || closed[side] || length == 0) {
      return verdict;
    }
    byte[] before = prefixes[side];
    if (before == null) {
      look(from, bytes, offset, length, false);
      if (verdict == Verdict.MORE) {
        prefixes[side] = Arrays.copyOfRange(bytes, offset, offset + Math.min(length, limit + 1));
      }
      return verdict;
    }
    int count = Math.min(length, limit + 1 - before.length);
    byte[] grown = Arrays.copyOf(before, before.length + count);
    System.arraycopy(bytes, offset, grown, before.length, count);
    prefixes[side] = grown;
    look(from, grown, 0, grown.length, false);
    return verdict;
  }

  /** No byte of that side follows those that are there. */
  Verdict cut(Side from) {
    byte[] prefix = prefixes[from.ordinal()];
    closed[from.ordinal()] = true;
    if (verdict == Verdict.MORE && prefix != null) {
      look(from, prefix, 0, prefix.length, true);
    }
    return verdict;
  }

  /** No byte follows at all. */
  Verdict end() {
    cut(Side.CLIENT);
    cut(Side.SERVER);
    return verdict == Verdict.MORE ? Verdict.NOTHING : verdict;
  }

  private void look(Side from, byte[] bytes, int offset, int length, boolean last) {
    boolean more = false;
    more |= tls(TlsSniff.clientHello(bytes, offset, length), from);
    more |= tls(TlsSniff.serverHello(bytes, offset, length), from.other());
    if (flowStart) {
      more |= tls(TlsSniff.sslv2Hello(bytes, offset, length), from);
      more |= settings(from, Http2Sniff.serverSettings(bytes, offset, length));
    }
    more |= tls(TlsSniff.records(bytes, offset, length), null);
    if (verdict == Verdict.MORE) {
      // No more than is kept of crumbs, or the verdict would depend on the cuts.
      more |= http(from, bytes, offset, Math.min(length, limit + 1), last);
    }
    boolean full = length > limit;
    if (verdict == Verdict.MORE && (!more || last || full)) {
      nothing(from);
    }
  }

  private boolean tls(TlsSniff.Verdict said, Side clientIf) {
    if (said == TlsSniff.Verdict.YES && verdict == Verdict.MORE) {
      verdict = Verdict.TLS;
      client = clientIf;
    }
    return said == TlsSniff.Verdict.MORE;
  }

  private boolean settings(Side from, Http2Sniff.Verdict said) {
    if (said == Http2Sniff.Verdict.YES && verdict == Verdict.MORE) {
      decide(Verdict.HTTP2, from.other());
    }
    return said == Http2Sniff.Verdict.MORE;
  }

  private boolean http(Side from, byte[] bytes, int offset, int length, boolean last) {
    HttpSniff.Verdict said = HttpSniff.look(bytes, offset, length, limit, last);
    switch (said) {
      case REQUEST -> decide(Verdict.HTTP, from);
      case STATUS -> decide(Verdict.HTTP, from.other());
      case PREFACE -> decide(Verdict.HTTP2, from);
      default -> {}
    }
    return said == HttpSniff.Verdict.MORE;
  }

  private void decide(Verdict what, Side asking) {
    verdict = what;
    client = asking;
  }

  /** One side shows nothing; the other may still, if its bytes are being looked at. */
  private void nothing(Side from) {
    closed[from.ordinal()] = true;
    int other = from.other().ordinal();
    if (prefixes[other] == null || closed[other]) {
      verdict = Verdict.NOTHING;
    }
  }
}
