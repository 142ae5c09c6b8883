package io.sidewire.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Every schema ever released, by record name and version, from the resources of this module.
 *
 * <p>Values carry the fingerprint of the schema they were written with; this is where it is looked up, so that today's
 * readers read what any earlier release wrote.
 */
public final class SchemaHistory {
  private static final String FOLDER = "/io/sidewire/schemas/history/";

  private static final Map<Long, Schema> BY_FINGERPRINT = new ConcurrentHashMap<>();

  private SchemaHistory() {}

  /** The records that travel as values, in the order of the topics. */
  public static final List<Schema> CURRENT = List.of(
      PacketBatch.getClassSchema(),
      FlowRecord.getClassSchema(),
      Exchange.getClassSchema(),
      Interaction.getClassSchema(),
      TrafficWindow.getClassSchema(),
      CaptureHealth.getClassSchema());

  /** The records that the processor's stores hold, and their changelogs: an upgrade goes on from them. */
  public static final List<Schema> STATE = List.of(
      EpochState.getClassSchema(),
      FlowState.getClassSchema(),
      FlowWindow.getClassSchema(),
      Knowledge.getClassSchema(),
      ExchangeState.getClassSchema(),
      RpcState.getClassSchema(),
      RpcSession.getClassSchema(),
      RpcWaiting.getClassSchema(),
      InteractionState.getClassSchema(),
      InteractionEntry.getClassSchema(),
      RowState.getClassSchema(),
      AdmittedNames.getClassSchema());

  /** All released versions of one record, oldest first. */
  public static List<Schema> versionsOf(String recordName) {
    var versions = new ArrayList<Schema>();
    for (int version = 1; ; version++) {
      String text = resource(FOLDER + recordName + "/" + version + ".avsc");
      if (text == null) {
        return versions;
      }
      versions.add(new Schema.Parser().parse(text));
    }
  }

  /**
   * How many versions of all records there are: a release that adds one has more than those before it, which cannot read
   * what is written with it.
   */
  public static int released() {
    return all().stream()
        .mapToInt(schema -> versionsOf(schema.getName()).size())
        .sum();
  }

  /** The writer's schema of a fingerprint, or null where no release knows it. */
  static Schema find(long fingerprint) {
    if (BY_FINGERPRINT.isEmpty()) {
      for (Schema current : all()) {
        BY_FINGERPRINT.put(SchemaNormalization.parsingFingerprint64(current), current);
        for (Schema released : versionsOf(current.getName())) {
          BY_FINGERPRINT.putIfAbsent(SchemaNormalization.parsingFingerprint64(released), released);
        }
      }
    }
    return BY_FINGERPRINT.get(fingerprint);
  }

  private static List<Schema> all() {
    return Stream.concat(CURRENT.stream(), STATE.stream()).toList();
  }

  private static String resource(String path) {
    try (InputStream in = SchemaHistory.class.getResourceAsStream(path)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
