package io.sidewire.capture.save;

import io.sidewire.wire.http.HttpSniff;
import io.sidewire.wire.tls.TlsSniff;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Masks one direction of a TCP connection, byte for byte in its order, by what its protocol is.
 *
 * <pre>
 * SNIFF ─┬─ TLS     stays
 *   ▲    ├─ HTTP    heads, JSON and events are masked in place
 *   │    ├─ HTTP/2  frame headers stay
 *   │    └─ else    zeros, and another look at the next segment
 *   └──────┘ where it ends or cannot be followed
 * </pre>
 */
final class StreamMask {
  /** What both directions of a connection know of each other. */
  static final class Shared {
    final ArrayDeque<String> asked = new ArrayDeque<>();
    boolean tls;
    boolean http2;
    boolean upgraded;
  }

  /** A chunk of an event stream whose head was not captured. */
  private static final Pattern EVENT_CHUNK =
      Pattern.compile("[0-9a-fA-F]{1,8}\r\n(event|data|id|retry)?:");

  private static final Pattern EVENT_CHUNK_BEGINS =
      Pattern.compile("[0-9a-fA-F]{1,8}(\r(\n[a-z]{0,5})?)?");
  private static final int LONGEST_BEGINNING = 16;
  private static final int LONGEST_SNIFF = 64 << 10;

  private final MaskedBytes out;
  private final Pseudonyms pseudonyms;
  private final FieldMask fields;
  private final Shared shared;
  private final ZeroedParts.Flow zeroed;
  private byte[] pending = {};
  private int pendingLength;
  private boolean atStart = true;
  private HttpMask http;
  private TlsMask tls;
  private Http2Mask http2;

  StreamMask(
      MaskedBytes out,
      Pseudonyms pseudonyms,
      FieldMask fields,
      Shared shared,
      ZeroedParts.Flow zeroed) {
    this.out = out;
    this.pseudonyms = pseudonyms;
    this.fields = fields;
    this.shared = shared;
    this.zeroed = zeroed;
  }

  /** Takes the next bytes; each is appended to what is decided, now or later. */
  void data(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    if (http != null && shared.upgraded) {
      leave();
    }
    int looks = 0;
    while (at < end) {
      if (sniffing()) {
        if (looks++ > 2) {
          out.fill(0, end - at);
          return;
        }
        look(bytes, at, end);
        if (sniffing()) {
          return; // all of it waits, or is zeros
        }
        at = again(bytes, at, end);
      } else {
        at = feed(bytes, at, end);
      }
      if (over()) {
        leave();
      }
    }
  }

  /** Lets go of what waits: what follows it has to be recognised anew, unless its place is known. */
  void release() {
    if (http != null) {
      http.release();
    } else if (tls != null) {
      tls.release();
    } else if (http2 != null) {
      http2.release();
    } else if (pendingLength > 0) {
      partialStart();
    }
    if (over()) {
      leave();
    }
  }

  /** {@code missing} bytes will not come. */
  void gap(long missing) {
    release();
    boolean inBody = http != null && http.gap(missing);
    if (inBody) {
      zeroed.part(ZeroedParts.Why.GAP); // the rest of that body
    }
    boolean known =
        inBody || tls != null && tls.gap(missing) || http2 != null && http2.gap(missing);
    if (!known) {
      zeroed.part(ZeroedParts.Why.GAP);
      shared.asked.clear();
      leave();
    }
    atStart = false;
  }

  private boolean sniffing() {
    return http == null && tls == null && http2 == null;
  }

  private boolean over() {
    return http != null && http.over()
        || tls != null && tls.over()
        || http2 != null && http2.over();
  }

  private void leave() {
    if (http != null) {
      http.release();
      shared.upgraded |= http.upgraded();
    }
    http = null;
    tls = null;
    http2 = null;
  }

  private int feed(byte[] bytes, int from, int to) {
    return http != null
        ? http.feed(bytes, from, to)
        : tls != null ? tls.feed(bytes, from, to) : http2.feed(bytes, from, to);
  }

  // ------------------------------------------------------------------ recognising

  private void look(byte[] bytes, int from, int to) {
    keep(bytes, from, to);
    boolean more = false;
    HttpSniff.Verdict said = HttpSniff.look(pending, 0, pendingLength, LONGEST_SNIFF, false);
    if (shared.tls && pending[0] >= 20 && pending[0] <= 24) {
      tls = new TlsMask(out);
    } else if (shared.http2 && atStart && said != HttpSniff.Verdict.PREFACE) {
      http2 = new Http2Mask(out, false, zeroed);
    } else if (said == HttpSniff.Verdict.REQUEST || said == HttpSniff.Verdict.STATUS) {
      http = new HttpMask(out, pseudonyms, fields, shared.asked, zeroed);
    } else if (said == HttpSniff.Verdict.PREFACE) {
      shared.http2 = true;
      http2 = new Http2Mask(out, true, zeroed);
    } else if (EVENT_CHUNK.matcher(beginning()).lookingAt()) {
      http = HttpMask.inEvents(out, pseudonyms, fields, shared.asked, zeroed);
    } else {
      more = said == HttpSniff.Verdict.MORE
          | sniffTls()
          | EVENT_CHUNK_BEGINS.matcher(beginning()).matches();
    }
    atStart = false;
    if (sniffing() && (!more || pendingLength > LONGEST_SNIFF)) {
      zeroed.part(ZeroedParts.Why.UNKNOWN);
      out.fill(0, pendingLength);
      pendingLength = 0;
    } else if (sniffing()) {
      atStart = true;
    }
  }

  private String beginning() {
    int length = Math.min(pendingLength, LONGEST_BEGINNING);
    return new String(pending, 0, length, StandardCharsets.ISO_8859_1);
  }

  private boolean sniffTls() {
    TlsSniff.Verdict client = TlsSniff.clientHello(pending, 0, pendingLength);
    TlsSniff.Verdict server = TlsSniff.serverHello(pending, 0, pendingLength);
    TlsSniff.Verdict records = TlsSniff.records(pending, 0, pendingLength);
    if (client == TlsSniff.Verdict.YES
        || server == TlsSniff.Verdict.YES
        || records == TlsSniff.Verdict.YES) {
      shared.tls = true;
      tls = new TlsMask(out);
    }
    return client == TlsSniff.Verdict.MORE
        || server == TlsSniff.Verdict.MORE
        || records == TlsSniff.Verdict.MORE;
  }

  /** Gives what was looked at to what was recognised; returns how far the caller's bytes went. */
  private int again(byte[] bytes, int from, int to) {
    byte[] kept = pending;
    int length = pendingLength;
    pending = new byte[0];
    pendingLength = 0;
    int used = feed(kept, 0, length);
    // What was kept back before these bytes was only recognised with them, so it is used up first.
    int before = length - (to - from);
    if (used < before) {
      out.fill(0, before - used);
      used = before;
    }
    return from + used - before;
  }

  /** What may be the beginning of a start line and will not go on, masked like one. */
  private void partialStart() {
    HttpSniff.Verdict said = HttpSniff.look(pending, 0, pendingLength, LONGEST_SNIFF, true);
    byte[] kept = pending;
    int length = pendingLength;
    pending = new byte[0];
    pendingLength = 0;
    if (said == HttpSniff.Verdict.REQUEST || said == HttpSniff.Verdict.STATUS) {
      http = new HttpMask(out, pseudonyms, fields, shared.asked, zeroed);
      http.feed(kept, 0, length);
      http.release();
    } else {
      out.fill(0, length);
    }
  }

  private void keep(byte[] bytes, int from, int to) {
    int count = to - from;
    if (pendingLength + count > pending.length) {
      pending = Arrays.copyOf(pending, pendingLength + count);
    }
    System.arraycopy(bytes, from, pending, pendingLength, count);
    pendingLength += count;
  }
}
