package io.sidewire.query.sketch;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.CubicallyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.mapping.LinearlyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.mapping.QuadraticallyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads DDSketches as {@link DDSketch#serialize} writes them. The form is DataDog's protobuf message; its reader in
 * sketches-java needs a protobuf runtime that warns about it, so the few fields are read here.
 */
final class SketchCodec {
  /*
   * DDSketch: 1 mapping {1 gamma: double, 2 index offset: double, 3 interpolation: enum}, 2 positive values, 3 negative
   * values {1 bin counts: map of sint32 to double, 2 contiguous counts: packed doubles, 3 index of the first of them:
   * sint32}, 4 count of zeros: double.
   */
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int MOST_BINS = 4096;
  private static final int BIN_BYTES = 17;

  private SketchCodec() {}

  /** @throws IllegalArgumentException where the bytes are no sketch */
  static DDSketch decode(ByteBuffer bytes) {
    try {
      return sketch(bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("sketch ends early", e);
    }
  }

  /** Writes bins one by one, or all from the first to the last, whatever is shorter. */
  static ByteBuffer encode(DDSketch sketch) {
    ByteBuffer dense = sketch.serialize();
    var store = sketch.getPositiveValueStore();
    if (!(sketch.getIndexMapping() instanceof LogarithmicMapping)
        || !sketch.getNegativeValueStore().isEmpty()
        || store.isEmpty()) {
      return dense;
    }
    var bins = ByteBuffer.allocate(MOST_BINS * BIN_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    double counted = 0;
    for (var all = store.getAscendingIterator(); all.hasNext(); ) {
      var bin = all.next();
      counted += bin.getCount();
      int index = bin.getIndex() << 1 ^ bin.getIndex() >> 31;
      bins.put((byte) (1 << 3 | BYTES)).put((byte) (2 + varintBytes(index) + 8));
      bins.put((byte) (1 << 3 | VARINT));
      putVarint(bins, index);
      bins.put((byte) (2 << 3 | FIXED64)).putDouble(bin.getCount());
    }
    ByteBuffer mapping = field(dense, 1 << 3 | BYTES);
    int length = mapping.remaining() + 1 + varintBytes(bins.position()) + bins.position() + 9;
    if (length >= dense.remaining()) {
      return dense;
    }
    var out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(mapping).put((byte) (2 << 3 | BYTES));
    putVarint(out, bins.position());
    out.put(bins.flip()).put((byte) (4 << 3 | FIXED64)).putDouble(sketch.getCount() - counted);
    return out.flip();
  }

  /** The first field of that tag, tag and length included. */
  private static ByteBuffer field(ByteBuffer message, int wanted) {
    ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (true) {
      int start = in.position();
      int tag = (int) varint(in);
      skip(in, tag);
      if (tag == wanted) {
        return in.slice(start, in.position() - start);
      }
    }
  }

  private static int varintBytes(int value) {
    return Math.max(1, (38 - Integer.numberOfLeadingZeros(value)) / 7);
  }

  private static void putVarint(ByteBuffer out, int value) {
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      out.put((byte) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static DDSketch sketch(ByteBuffer in) {
    IndexMapping mapping = null;
    Store positive = new CollapsingLowestDenseStore(MOST_BINS);
    Store negative = new CollapsingLowestDenseStore(MOST_BINS);
    double zeros = 0;
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      switch (tag) {
        case 1 << 3 | BYTES -> mapping = mapping(inner(in));
        case 2 << 3 | BYTES -> bins(inner(in), positive);
        case 3 << 3 | BYTES -> bins(inner(in), negative);
        case 4 << 3 | FIXED64 -> zeros = in.getDouble();
        default -> skip(in, tag);
      }
    }
    if (mapping == null) {
      throw new IllegalArgumentException("sketch without a mapping");
    }
    return DDSketch.of(mapping, negative, positive, zeros);
  }

  private static IndexMapping mapping(ByteBuffer in) {
    double gamma = 0;
    double offset = 0;
    int interpolation = 0;
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      switch (tag) {
        case 1 << 3 | FIXED64 -> gamma = in.getDouble();
        case 2 << 3 | FIXED64 -> offset = in.getDouble();
        case 3 << 3 | VARINT -> interpolation = (int) varint(in);
        default -> skip(in, tag);
      }
    }
    return switch (interpolation) {
      case 0 -> new LogarithmicMapping(gamma, offset);
      case 1 -> new LinearlyInterpolatedMapping(gamma, offset);
      case 2 -> new QuadraticallyInterpolatedMapping(gamma, offset);
      case 3 -> new CubicallyInterpolatedMapping(gamma, offset);
      default -> throw new IllegalArgumentException("sketch with mapping " + interpolation);
    };
  }

  private static void bins(ByteBuffer in, Store store) {
    ByteBuffer counts = null;
    int first = 0;
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      switch (tag) {
        case 1 << 3 | BYTES -> bin(inner(in), store);
        case 2 << 3 | BYTES -> counts = inner(in);
        case 3 << 3 | VARINT -> first = signed(varint(in));
        default -> skip(in, tag);
      }
    }
    for (int index = first; counts != null && counts.hasRemaining(); index++) {
      add(store, index, counts.getDouble());
    }
  }

  private static void bin(ByteBuffer in, Store store) {
    int index = 0;
    double count = 0;
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      switch (tag) {
        case 1 << 3 | VARINT -> index = signed(varint(in));
        case 2 << 3 | FIXED64 -> count = in.getDouble();
        default -> skip(in, tag);
      }
    }
    add(store, index, count);
  }

  private static void add(Store store, int index, double count) {
    if (!(count >= 0)) {
      throw new IllegalArgumentException("sketch with a negative count");
    }
    if (count > 0) {
      store.add(index, count);
    }
  }

  private static void skip(ByteBuffer in, int tag) {
    switch (tag & 7) {
      case VARINT -> varint(in);
      case FIXED64 -> in.getDouble();
      case BYTES -> inner(in);
      default -> throw new IllegalArgumentException("no sketch: wire type " + (tag & 7));
    }
  }

  private static ByteBuffer inner(ByteBuffer in) {
    long length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("sketch ends early");
    }
    ByteBuffer inner = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) length);
    return inner;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("number too long");
  }

  /** Zigzag. */
  private static int signed(long value) {
    return (int) (value >>> 1) ^ -(int) (value & 1);
  }
}
