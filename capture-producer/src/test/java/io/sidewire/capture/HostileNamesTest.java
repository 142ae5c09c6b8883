package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.schemas.LlmUsage;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.TlsClientHello;
import io.sidewire.testkit.TcpScript;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names from the wire that would do harm where they are shown: none leaves the host as it is. */
class HostileNamesTest {
  private static final Pattern HARMFUL =
      Pattern.compile("[\\p{Cntrl}<>\"'`\\\\\uFFFD\u202E\u2028]");
  private static final int LONGEST = 512;

  @TempDir
  Path folder;

  static Stream<byte[]> names() {
    return Stream.of(
        bytes("\u001b]0;owned\u0007\u001b[2J\u001b[31mred"),
        bytes("<script>alert(1)</script><img src=x onerror=alert(1)>"),
        bytes("a\"} 1\n# HELP x\nx{y=\"`$(reboot)`"),
        bytes("\u202Egnp.exe\u2028\u0085next"),
        bytes("x".repeat(1 << 20)),
        new byte[] {'n', (byte) 0xff, (byte) 0xc0, (byte) 0xaf, (byte) 0xed, (byte) 0xa0, 'm'});
  }

  @ParameterizedTest
  @MethodSource("names")
  void leaveTheHostHarmless(byte[] name) throws IOException {
    String raw = new String(name, StandardCharsets.ISO_8859_1);
    String plain = raw.replaceAll("[\\r\\n]", " ");
    String json = raw.replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", "\\n")
        .replace("\u001b", "\\u001b")
        .replace("\u0007", "\\u0007");
    var script =
        TcpScript.between("10.0.0.1", 40_000, "10.0.1.9", 8000).mss(1400).connect();
    String head = plain.length() > 8_000 ? plain.substring(0, 4_000) : plain;
    post(
        script,
        "/mcp/" + head.replace(' ', '_'),
        head,
        "{\"jsonrpc\":\"2.0\",\"id\":\"" + json
            + "\",\"method\":\"tools/call\",\"params\":{\"name\":\"" + json + "\"}}");
    script.server(latin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
    post(
        script,
        "/v1/chat/completions",
        "h",
        "{\"model\":\"" + json + "\",\"messages\":[],\"" + json + "\":1}");
    String answer = "{\"object\":\"chat.completion\",\"model\":\"" + json
        + "\",\"choices\":[{\"finish_reason\":\"" + json
        + "\",\"message\":{\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":\"" + json
        + "\"}}]}}]}";
    script.server(latin("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + answer.length() + "\r\n\r\n" + answer));
    script.close();

    List<PacketBatch> batches = batches(script);
    assertThat(batches.stream().flatMap(batch -> batch.getObservations().stream()))
        .hasAtLeastOneElementOfType(RpcCall.class)
        .hasAtLeastOneElementOfType(LlmUsage.class);
    batches.forEach(HostileNamesTest::assertHarmless);
  }

  @ParameterizedTest
  @MethodSource("names")
  void asServerNamesOfTlsLeaveTheHostHarmless(byte[] name) throws IOException {
    byte[] sni = Arrays.copyOf(name, Math.min(name.length, 60_000));
    var script =
        TcpScript.between("10.0.0.1", 40_000, "10.0.1.9", 443).mss(1400).connect();
    for (byte[] record : hello(sni)) {
      script.client(record);
    }
    script.close();
    List<PacketBatch> batches = batches(script);
    assertThat(batches).isNotEmpty();
    batches.forEach(HostileNamesTest::assertHarmless);
  }

  @Test
  void aServerNameIsReadThatWay() throws IOException {
    var script = TcpScript.between("10.0.0.1", 40_000, "10.0.1.9", 443).connect();
    for (byte[] record : hello(bytes("plain.example"))) {
      script.client(record);
    }
    script.close();
    assertThat(batches(script).stream().flatMap(batch -> batch.getObservations().stream()))
        .hasAtLeastOneElementOfType(TlsClientHello.class)
        .anyMatch(each ->
            each instanceof TlsClientHello tls && "plain.example".equals(tls.getServerName()));
  }

  /** A ClientHello with one extension, in records of at most 16 KiB. */
  private static List<byte[]> hello(byte[] sni) {
    ByteBuffer body = ByteBuffer.allocate(2 + 32 + 1 + 4 + 2 + 2 + 9 + sni.length)
        .putShort((short) 0x0303)
        .put(new byte[32])
        .put((byte) 0)
        .putShort((short) 2)
        .putShort((short) 0x1301)
        .putShort((short) 0x0100)
        .putShort((short) (9 + sni.length))
        .putShort((short) 0)
        .putShort((short) (5 + sni.length))
        .putShort((short) (3 + sni.length))
        .put((byte) 0)
        .putShort((short) sni.length)
        .put(sni);
    ByteBuffer message = ByteBuffer.allocate(4 + body.capacity())
        .putInt(1 << 24 | body.capacity())
        .put(body.array());
    var records = new ArrayList<byte[]>();
    for (int from = 0; from < message.capacity(); from += 16_384) {
      int length = Math.min(16_384, message.capacity() - from);
      records.add(ByteBuffer.allocate(5 + length)
          .put((byte) 22)
          .putShort((short) 0x0301)
          .putShort((short) length)
          .put(message.array(), from, length)
          .array());
    }
    return records;
  }

  private static void post(TcpScript script, String path, String host, String body) {
    script.client(latin("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nMcp-Name: " + host
        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
        + body));
  }

  private List<PacketBatch> batches(TcpScript script) throws IOException {
    Path capture = Files.write(folder.resolve("hostile.pcap"), TestCaptures.pcap(script));
    var sink = new CollectingSink();
    CaptureConfig config = CaptureConfig.of(Map.of("names", "all"));
    try (var source = new CaptureFileSource(config, List.of(capture));
        var pipeline = new CapturePipeline(config, source, sink, new CaptureCounters())) {
      pipeline.start();
      pipeline.await();
    }
    return sink.all();
  }

  private static void assertHarmless(Object value) {
    if (value instanceof IndexedRecord each) {
      for (Schema.Field field : each.getSchema().getFields()) {
        assertHarmless(each.get(field.pos()));
      }
    } else if (value instanceof List<?> list) {
      list.forEach(HostileNamesTest::assertHarmless);
    } else if (value instanceof CharSequence text) {
      assertThat(text.length()).isLessThanOrEqualTo(LONGEST);
      assertThat(HARMFUL.matcher(text).find()).as("%s", text).isFalse();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
