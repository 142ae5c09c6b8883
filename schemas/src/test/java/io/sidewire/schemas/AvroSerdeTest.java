package io.sidewire.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class AvroSerdeTest {
  private final AvroSerde<PacketBatch> serde = AvroSerde.of(PacketBatch.class);

  static PacketBatch batch() {
    return PacketBatch.newBuilder()
        .setHost("h")
        .setEpoch("e")
        .setShard(0)
        .setSequence(7)
        .setStart(1)
        .setEnd(2)
        .setPackets(List.of(new PacketMeta(0, 1 | 2 << 8, 60, 0)))
        .setObservations(List.of(new FlowStart(1L), new FlowEnd(2L, "closed")))
        .setTick(Tick.newBuilder()
            .setPacketClock(2)
            .setSettings(Map.of("mode", "all"))
            .build())
        .build();
  }

  @Test
  void roundTrip() {
    assertThat(serde.decode(serde.encode(batch()))).isEqualTo(batch());
    assertThat(serde.encode(null)).isNull();
    assertThat(serde.decode(null)).isNull();
  }

  @Test
  void carriesTheMarkerAndTheFingerprint() {
    byte[] bytes = serde.encode(batch());
    assertThat(bytes[0]).isEqualTo((byte) 0xC3);
    assertThat(bytes[1]).isEqualTo((byte) 0x01);
  }

  @Test
  void refusesEveryTruncationAndForeignBytes() {
    byte[] bytes = serde.encode(batch());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> serde.decode(cut)).isInstanceOf(SerializationException.class);
    }
    assertThatThrownBy(() -> serde.decode(AvroSerde.of(Exchange.class).encode(exchange())))
        .hasMessageContaining("unknown schema");
  }

  @Test
  void damagedBytesNeverEscapeAsAnythingButARefusal() {
    byte[] bytes = serde.encode(batch());
    for (int at = 10; at < bytes.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) (1 << bit);
        try {
          serde.decode(damaged);
        } catch (SerializationException e) {
          assertThat(e.getMessage()).startsWith("PacketBatch: ");
        }
      }
    }
  }

  @Test
  void jsonUsesTheSchemasNames() throws Exception {
    var text = new StringWriter();
    try (var out = new JsonFactory().createGenerator(text)) {
      AvroJson.write(out, exchange());
    }
    assertThat(text.toString())
        .contains("\"exchangeId\":\"f-0\"")
        .contains("\"client\":{\"address\":\"10.0.0.1\",\"port\":1}")
        .contains("\"evidence\":\"decoded\"")
        .contains("\"rpcId\":1,")
        .contains("\"model\":null");
  }

  @Test
  void keysRoundTripAndSortByWindow() {
    var key =
        new TrafficKey("h", "mcp_server", "127.0.0.1:8000", "", true, 10, 20_000_000L, "e", 0);
    assertThat(TrafficKey.fromBytes(key.toBytes())).isEqualTo(key);
    var later =
        new TrafficKey("h", "mcp_server", "127.0.0.1:8000", "", true, 10, 30_000_000L, "e", 0);
    assertThat(java.util.Arrays.compareUnsigned(key.toBytes(), later.toBytes())).isNegative();
    var health = new HealthKey("h", "e", 1, 5);
    assertThat(HealthKey.fromBytes(health.toBytes())).isEqualTo(health);
    assertThatThrownBy(() -> TrafficKey.fromBytes(new byte[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Exchange exchange() {
    return Exchange.newBuilder()
        .setExchangeId("f-0")
        .setFlowId("f")
        .setHost("h")
        .setClient(new Endpoint("10.0.0.1", 1))
        .setServer(new Endpoint("10.0.0.2", 2))
        .setFlowType("mcp_server")
        .setProtocol("mcp")
        .setEvidence(Evidence.DECODED)
        .setRpcId(1L)
        .build();
  }
}
