package io.sidewire.wire.http2;

import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Limits;
import io.sidewire.wire.http.HttpHead;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Puts the header blocks of one direction together from HEADERS, PUSH_PROMISE and CONTINUATION, and reads them. */
final class HeaderBlocks {

  /** A block, read. */
  static final class Block {
    int stream;
    int promised; // 0: HEADERS
    boolean endStream;
    long start;
    long sequence;
    int bytes; // of its frames
    boolean whole = true; // all its fields are known
    String method;
    String path;
    String authority;
    String protocol;
    int status;
    HttpHead head;
  }

  /** Takes the blocks. */
  interface Listener {
    void block(Block block, long time);

    void odd(long time, Anomaly kind);
  }

  private static final int PRIORITY_BYTES = 5;

  private final Limits limits;
  private final HeaderReader reader;
  private final Listener listener;
  private Block block; // null: none is begun
  private byte[] bytes = new byte[0];
  private int length;
  private int frames;
  private boolean cut;

  HeaderBlocks(Limits limits, Listener listener) {
    this.limits = limits;
    this.reader = new HeaderReader(limits.http2HeaderTable());
    this.listener = listener;
  }

  /** Frames are missing: the block that was begun is over, and what others added to the table is not known. */
  void lost(long time) {
    if (block != null) {
      cut = true;
      finish(time);
    }
    reader.lost();
  }

  /** A frame of another kind came: a block that was begun cannot go on. */
  void interrupted(long time) {
    if (block != null) {
      listener.odd(time, Anomaly.HTTP2_INVALID_FRAME);
      lost(time);
    }
  }

  void headers(FrameHeader frame, byte[] payload, int kept, boolean whole, long time) {
    interrupted(time);
    int skip = frame.padded() ? 1 : 0;
    int padding = skip > 0 && kept > 0 ? payload[0] & 0xff : 0;
    begin(frame);
    if (frame.type == FrameHeader.PUSH_PROMISE) {
      block.promised = kept >= skip + 4 ? FrameHeader.int31(payload, skip) : -1;
      skip += 4;
    } else if (frame.prioritised()) {
      skip += PRIORITY_BYTES;
    }
    boolean fits = skip + padding <= frame.length && kept >= skip;
    if (!fits) {
      listener.odd(time, Anomaly.HTTP2_INVALID_FRAME);
    }
    int until = Math.min(kept, frame.length - padding);
    add(payload, skip, fits ? until - skip : 0);
    cut |= !whole || !fits;
    if (frame.endHeaders()) {
      finish(time);
    }
  }

  private void begin(FrameHeader frame) {
    block = new Block();
    block.stream = frame.stream;
    block.endStream = frame.type == FrameHeader.HEADERS && frame.endStream();
    block.start = frame.start;
    block.sequence = frame.sequence;
    block.bytes = FrameHeader.LENGTH + frame.length;
    length = 0;
    frames = 1;
    cut = false;
  }

  void continuation(FrameHeader frame, byte[] payload, int kept, boolean whole, long time) {
    if (block == null || block.stream != frame.stream) {
      interrupted(time);
      reader.lost(); // the block that it belongs to was not seen
      return;
    }
    block.bytes += FrameHeader.LENGTH + frame.length;
    if (++frames > limits.http2Continuations()) {
      if (frames == limits.http2Continuations() + 1) {
        listener.odd(time, Anomaly.HTTP2_CONTINUATION_FLOOD);
      }
      cut = true;
    } else {
      add(payload, 0, kept);
      cut |= !whole;
    }
    if (frame.endHeaders()) {
      finish(time);
    }
  }

  private void add(byte[] payload, int from, int count) {
    if (cut || count <= 0) {
      return; // what follows a hole cannot be told apart
    }
    int room = Math.min(count, limits.headBytes() - length);
    if (length + room > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + room, 2 * bytes.length));
    }
    System.arraycopy(payload, from, bytes, length, room);
    length += room;
    cut |= room < count;
  }

  private void finish(long time) {
    Block read = block;
    block = null;
    if (cut && length == limits.headBytes()) {
      listener.odd(time, Anomaly.HTTP_HEAD_TOO_LONG);
    }
    Fields fields = new Fields();
    boolean good = reader.read(bytes, 0, length, fields);
    if (cut) {
      reader.lost();
    } else if (!good) {
      listener.odd(time, Anomaly.HTTP2_INVALID_HEADERS);
    }
    if (reader.tableTooLarge()) {
      listener.odd(time, Anomaly.HTTP2_HEADER_TABLE_LIMIT);
    }
    if (fields.many) {
      listener.odd(time, Anomaly.HTTP_TOO_MANY_HEADERS);
    }
    if (bytes.length > 16 << 10) {
      bytes = new byte[0];
    }
    read.whole = good && !cut && !fields.unknown && !fields.many;
    fields.into(read);
    listener.block(read, time);
  }

  private final class Fields implements HeaderReader.Sink {
    private final Map<String, String> pseudo = new HashMap<>(8);
    private final HttpHead regular = HttpHead.http2(null, null, 0);
    private int count;
    private boolean unknown;
    private boolean many;

    @Override
    public void field(String name, String latin) {
      if (++count > limits.headerCount()) {
        many = true;
        return;
      }
      String value = HeaderReader.utf8(latin);
      if (name.startsWith(":")) {
        pseudo.putIfAbsent(name, value);
      } else {
        regular.field(name, value);
      }
    }

    @Override
    public void unknown() {
      unknown = true;
    }

    void into(Block read) {
      read.method = pseudo.get(":method");
      read.path = pseudo.get(":path");
      read.authority = pseudo.get(":authority");
      read.protocol = pseudo.get(":protocol");
      read.status = status(pseudo.get(":status"));
      String target =
          read.path != null ? read.path : "CONNECT".equals(read.method) ? read.authority : null;
      read.head = HttpHead.http2(read.method, target, read.status);
      if (read.authority != null) {
        read.head.field("host", read.authority);
      }
      read.head.take(regular);
    }

    private static int status(String text) {
      if (text == null || text.length() != 3) {
        return 0;
      }
      int value = 0;
      for (int i = 0; i < 3; i++) {
        int digit = text.charAt(i) - '0';
        if (digit < 0 || digit > 9) {
          return 0;
        }
        value = 10 * value + digit;
      }
      return value;
    }
  }
}
