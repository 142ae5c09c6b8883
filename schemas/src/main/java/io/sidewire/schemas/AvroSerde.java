package io.sidewire.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Avro single-object encoding of one record type: the marker C3 01, the schema's 64-bit Rabin fingerprint
 * (little-endian), then the datum in binary. Source: Avro 1.12 specification, "Single-object encoding".
 *
 * <p>Values of any released schema are read (see {@link SchemaHistory}); anything else is refused with a {@link
 * SerializationException} that names the reason and never the content. Safe for use by many threads.
 */
public final class AvroSerde<T extends SpecificRecordBase> implements Serde<T> {
  private static final int HEADER = 10;

  static {
    // Generated classes are refused until trusted; in code, so that no JVM needs a -D.
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
        ClassSecurityValidator.getGlobal(),
        type -> type.getPackageName().equals(AvroSerde.class.getPackageName())));
  }

  /** Buffers and coders that are reused by one thread. */
  private final class Coder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final Map<Long, SpecificDatumReader<T>> readers = new ConcurrentHashMap<>();
    private BinaryEncoder encoder;
    private BinaryDecoder decoder;
  }

  private final Class<T> type;
  private final SpecificData model;
  private final Schema schema;
  private final long fingerprint;
  private final byte[] header;
  private final RecordPlan plan;
  private final ThreadLocal<Coder> coders = ThreadLocal.withInitial(Coder::new);

  private AvroSerde(Class<T> type, Set<String> skipped) {
    this.type = type;
    this.model = SpecificData.getForClass(type);
    this.schema = SpecificData.get().getSchema(type);
    this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    this.header = ByteBuffer.allocate(HEADER)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xC3)
        .put((byte) 0x01)
        .putLong(fingerprint)
        .array();
    this.plan = new RecordPlan(schema, skipped);
  }

  public static <T extends SpecificRecordBase> AvroSerde<T> of(Class<T> type) {
    return new AvroSerde<>(type, Set.of());
  }

  /** The same, but the named arrays are skipped when reading and come out empty: for who does not look at them. */
  public static <T extends SpecificRecordBase> AvroSerde<T> skipping(
      Class<T> type, Set<String> arrays) {
    return new AvroSerde<>(type, arrays);
  }

  /** Today's schema of the values. */
  public Schema schema() {
    return schema;
  }

  /** A record without content, for its schema. */
  SpecificRecordBase sample() {
    return (SpecificRecordBase) SpecificData.newInstance(type, schema);
  }

  /** The datum with its header; null for null. */
  public byte[] encode(T datum) {
    if (datum == null) {
      return null;
    }
    Coder coder = coders.get();
    try {
      coder.bytes.reset();
      coder.bytes.write(header, 0, HEADER);
      coder.encoder = EncoderFactory.get().binaryEncoder(coder.bytes, coder.encoder);
      plan.write(datum, coder.encoder);
      coder.encoder.flush();
      return coder.bytes.toByteArray();
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          type.getSimpleName() + " could not be encoded: " + e.getClass().getSimpleName(), e);
    }
  }

  /**
   * The datum of an encoded value; null for null.
   *
   * @throws SerializationException where the bytes are no such value
   */
  public T decode(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    if (bytes.length < HEADER || bytes[0] != (byte) 0xC3 || bytes[1] != 0x01) {
      throw refused("no single-object encoding, " + bytes.length + " bytes");
    }
    long written = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    Coder coder = coders.get();
    SpecificDatumReader<T> resolver = written == fingerprint ? null : resolver(coder, written);
    try {
      coder.decoder =
          DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, coder.decoder);
      T datum = resolver == null
          ? type.cast(plan.read(coder.decoder))
          : resolver.read(null, coder.decoder);
      if (!coder.decoder.isEnd()) {
        throw refused("bytes after its end");
      }
      return datum;
    } catch (IOException
        | AvroRuntimeException
        | IndexOutOfBoundsException
        | UnsupportedOperationException e) { // the last: lengths past what Java has room for
      throw refused(e.getClass().getSimpleName() + " in " + bytes.length + " bytes");
    }
  }

  private SpecificDatumReader<T> resolver(Coder coder, long written) {
    return coder.readers.computeIfAbsent(written, key -> {
      Schema writer = SchemaHistory.find(key);
      if (writer == null || !writer.getFullName().equals(schema.getFullName())) {
        throw new UnknownSchemaException(
            type.getSimpleName() + ": unknown schema " + Long.toHexString(key));
      }
      return new SpecificDatumReader<>(writer, schema, model);
    });
  }

  private SerializationException refused(String reason) {
    return new SerializationException(type.getSimpleName() + ": " + reason);
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, datum) -> encode(datum);
  }

  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> decode(bytes);
  }
}
