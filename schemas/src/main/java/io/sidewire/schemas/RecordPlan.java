package io.sidewire.schemas;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * How records of one schema are written to and read from Avro's binary form, worked out once.
 *
 * <p>The library's writer asks the schema anew for each value; this takes a third of its time. It reads what was written
 * with the same schema only: other versions go through the library, which resolves them.
 */
final class RecordPlan {

  /** Writes a value of one schema. */
  private interface Writer {
    void write(Object value, BinaryEncoder out) throws IOException;
  }

  /** Reads a value of one schema. */
  private interface Reader {
    Object read(BinaryDecoder in) throws IOException;
  }

  /** A count of items is not believed before they are there. */
  private static final int LARGEST_GUESS = 256;

  private final Map<Schema, Writer> writers = new IdentityHashMap<>();
  private final Map<Schema, Reader> readers = new IdentityHashMap<>();
  private final Set<String> skipped;
  private final Schema root;
  private final Writer writer;
  private final Reader reader;

  /** @param skipped array fields of the root that are not read but left empty */
  RecordPlan(Schema schema, Set<String> skipped) {
    this.root = schema;
    this.skipped = skipped;
    this.writer = writer(schema);
    this.reader = reader(schema);
  }

  void write(SpecificRecordBase record, BinaryEncoder out) throws IOException {
    writer.write(record, out);
  }

  Object read(BinaryDecoder in) throws IOException {
    return reader.read(in);
  }

  // ------------------------------------------------------------------ writing

  private Writer writer(Schema schema) {
    Writer known = writers.get(schema);
    if (known != null) {
      return known;
    }
    Writer made =
        switch (schema.getType()) {
          case RECORD -> recordWriter(schema);
          case UNION -> unionWriter(schema);
          case ARRAY -> arrayWriter(schema);
          case MAP -> mapWriter(schema);
          case ENUM -> (value, out) -> out.writeEnum(((Enum<?>) value).ordinal());
          case STRING -> (value, out) -> out.writeString((String) value);
          case BYTES -> (value, out) -> out.writeBytes((ByteBuffer) value);
          case LONG -> (value, out) -> out.writeLong((Long) value);
          case INT -> (value, out) -> out.writeInt((Integer) value);
          case BOOLEAN -> (value, out) -> out.writeBoolean((Boolean) value);
          case DOUBLE -> (value, out) -> out.writeDouble((Double) value);
          case FLOAT -> (value, out) -> out.writeFloat((Float) value);
          case NULL -> (value, out) -> {};
          case FIXED -> throw new IllegalArgumentException("no schema of ours has a fixed");
        };
    writers.put(schema, made);
    return made;
  }

  private Writer recordWriter(Schema schema) {
    List<Schema.Field> fields = schema.getFields();
    var parts = new Writer[fields.size()];
    Writer made = (value, out) -> {
      var record = (SpecificRecordBase) value;
      for (int i = 0; i < parts.length; i++) {
        parts[i].write(record.get(i), out);
      }
    };
    writers.put(schema, made); // before its fields, which may hold it again
    for (int i = 0; i < parts.length; i++) {
      parts[i] = writer(fields.get(i).schema());
    }
    return made;
  }

  private Writer unionWriter(Schema schema) {
    List<Schema> branches = schema.getTypes();
    if (branches.size() == 2 && branches.get(0).getType() == Schema.Type.NULL) {
      Writer present = writer(branches.get(1));
      return (value, out) -> {
        if (value == null) {
          out.writeIndex(0);
        } else {
          out.writeIndex(1);
          present.write(value, out);
        }
      };
    }
    Map<Class<?>, Integer> indexes = new HashMap<>();
    var parts = new Writer[branches.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = writer(branches.get(i));
      indexes.put(classOf(branches.get(i)), i);
    }
    return (value, out) -> {
      Integer index = indexes.get(value == null ? Void.class : value.getClass());
      if (index == null) {
        throw new AvroRuntimeException("not in union: " + value.getClass().getSimpleName());
      }
      out.writeIndex(index);
      parts[index].write(value, out);
    };
  }

  private static Class<?> classOf(Schema schema) {
    return switch (schema.getType()) {
      case NULL -> Void.class;
      case LONG -> Long.class;
      case STRING -> String.class;
      case RECORD -> SpecificData.get().getClass(schema);
      default -> throw new IllegalArgumentException("no such union: " + schema.getType());
    };
  }

  private Writer arrayWriter(Schema schema) {
    Writer element = writer(schema.getElementType());
    return (value, out) -> {
      var items = (Collection<?>) value;
      out.writeArrayStart();
      out.setItemCount(items.size());
      for (Object item : items) {
        out.startItem();
        element.write(item, out);
      }
      out.writeArrayEnd();
    };
  }

  private Writer mapWriter(Schema schema) {
    Writer element = writer(schema.getValueType());
    return (value, out) -> {
      var entries = (Map<?, ?>) value;
      out.writeMapStart();
      out.setItemCount(entries.size());
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        out.startItem();
        out.writeString((String) entry.getKey());
        element.write(entry.getValue(), out);
      }
      out.writeMapEnd();
    };
  }

  // ------------------------------------------------------------------ reading

  private Reader reader(Schema schema) {
    Reader known = readers.get(schema);
    if (known != null) {
      return known;
    }
    Reader made =
        switch (schema.getType()) {
          case RECORD -> recordReader(schema);
          case UNION -> unionReader(schema);
          case ARRAY -> arrayReader(schema);
          case MAP -> mapReader(schema);
          case ENUM -> enumReader(schema);
          case STRING -> BinaryDecoder::readString;
          case BYTES -> in -> in.readBytes(null);
          case LONG -> BinaryDecoder::readLong;
          case INT -> BinaryDecoder::readInt;
          case BOOLEAN -> BinaryDecoder::readBoolean;
          case DOUBLE -> BinaryDecoder::readDouble;
          case FLOAT -> BinaryDecoder::readFloat;
          case NULL -> in -> null;
          case FIXED -> throw new IllegalArgumentException("no schema of ours has a fixed");
        };
    readers.put(schema, made);
    return made;
  }

  private Reader recordReader(Schema schema) {
    List<Schema.Field> fields = schema.getFields();
    var parts = new Reader[fields.size()];
    Constructor<?> constructor = constructor(schema);
    Reader made = in -> {
      SpecificRecordBase record = instance(constructor);
      for (int i = 0; i < parts.length; i++) {
        record.put(i, parts[i].read(in));
      }
      return record;
    };
    readers.put(schema, made); // before its fields, which may hold it again
    for (int i = 0; i < parts.length; i++) {
      Schema.Field field = fields.get(i);
      boolean skip = schema == root && skipped.contains(field.name());
      parts[i] = skip ? arraySkipper(field.schema()) : reader(field.schema());
    }
    return made;
  }

  private static Constructor<?> constructor(Schema schema) {
    try {
      return SpecificData.get().getClass(schema).getDeclaredConstructor();
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException("no generated class: " + schema.getFullName(), e);
    }
  }

  private static SpecificRecordBase instance(Constructor<?> constructor) {
    try {
      return (SpecificRecordBase) constructor.newInstance();
    } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
      throw new AvroRuntimeException(e);
    }
  }

  private Reader unionReader(Schema schema) {
    List<Schema> branches = schema.getTypes();
    var parts = new Reader[branches.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = reader(branches.get(i));
    }
    return in -> parts[in.readIndex()].read(in);
  }

  private static Reader enumReader(Schema schema) {
    Object[] constants = SpecificData.get().getClass(schema).getEnumConstants();
    return in -> constants[in.readEnum()];
  }

  private Reader arrayReader(Schema schema) {
    Reader element = reader(schema.getElementType());
    return in -> {
      long count = in.readArrayStart();
      var items = new ArrayList<Object>((int) Math.min(count, LARGEST_GUESS));
      for (; count > 0; count = in.arrayNext()) {
        for (long i = 0; i < count; i++) {
          items.add(element.read(in));
        }
      }
      return items;
    };
  }

  private Reader arraySkipper(Schema schema) {
    Reader element = reader(schema.getElementType());
    Schema items = schema.getElementType();
    boolean numbers = items.getType() == Schema.Type.RECORD
        && items.getFields().stream().allMatch(f -> f.schema().getType() == Schema.Type.INT);
    int fields = numbers ? items.getFields().size() : 0;
    return in -> {
      for (long count = in.skipArray(); count > 0; count = in.skipArray()) {
        for (long i = 0; i < count; i++) {
          if (numbers) {
            for (int n = 0; n < fields; n++) {
              in.readInt();
            }
          } else {
            element.read(in);
          }
        }
      }
      return new ArrayList<>(0);
    };
  }

  private Reader mapReader(Schema schema) {
    Reader element = reader(schema.getValueType());
    return in -> {
      var entries = new HashMap<String, Object>();
      for (long count = in.readMapStart(); count > 0; count = in.mapNext()) {
        for (long i = 0; i < count; i++) {
          String key = in.readString();
          entries.put(key, element.read(in));
        }
      }
      return entries;
    };
  }
}
