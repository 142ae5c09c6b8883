package io.sidewire.query;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketchProtoBinding;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;

/** DDSketches as they stand in traffic rows: the protobuf form of sketches-java. */
final class SketchCodec {
  private static final int MOST_BINS = 4096;

  private SketchCodec() {}

  /** @throws IllegalArgumentException where the bytes are no sketch */
  static DDSketch decode(ByteBuffer bytes) {
    try {
      return DDSketchProtoBinding.fromProto(
          () -> new CollapsingLowestDenseStore(MOST_BINS),
          com.datadoghq.sketch.ddsketch.proto.DDSketch.parseFrom(bytes.duplicate()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("no sketch in " + bytes.remaining() + " bytes", e);
    }
  }
}
