package io.sidewire.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidewire.capture.redact.NamePolicy.Names;
import io.sidewire.schemas.AvroSerde;
import io.sidewire.schemas.DnsAnswer;
import io.sidewire.schemas.KeyedHash;
import io.sidewire.schemas.LlmUsage;
import io.sidewire.schemas.PacketBatch;
import io.sidewire.schemas.Request;
import io.sidewire.schemas.RpcCall;
import io.sidewire.schemas.TlsClientHello;
import io.sidewire.wire.Anomaly;
import io.sidewire.wire.Observation;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class RedactionTest {
  private static final KeyedHash KEY =
      new KeyedHash("a key for this test".getBytes(StandardCharsets.US_ASCII));
  private static final String SECRET = "Zq7-SECRET-9f8e7d6c5b4a <b>\u001b[31m";

  private final Redaction agent = redaction(Names.AGENT);

  /** Hostile text in every string of every observation: each field of the records is one that its sanitizer makes. */
  @Test
  void everyFieldOfEveryRecordIsWhatItsSanitizerMakes() throws Exception {
    for (Names names : Names.values()) {
      for (Class<?> type : Observation.class.getPermittedSubclasses()) {
        for (String text : List.of(SECRET, "plain", "", "api.openai.com", "/a/b?c=" + SECRET)) {
          Observation observation = filledWith(type, text);
          for (boolean isAgent : new boolean[] {true, false}) {
            SpecificRecord record = redaction(names).record(observation, isAgent);
            if (record != null) {
              check(record, text);
            }
          }
        }
      }
    }
  }

  @Test
  void everyObservationButFactsOfTheFlowBecomesARecordOfTheSchema() throws Exception {
    var serde = AvroSerde.of(PacketBatch.class);
    for (Class<?> type : Observation.class.getPermittedSubclasses()) {
      SpecificRecord record = agent.record(filledWith(type, "x"), true);
      if (type == Observation.Content.class || type == Observation.ChosenProtocol.class) {
        assertThat(record).isNull();
      } else {
        var batch = new PacketBatch(
            "h",
            "e",
            0,
            0L,
            false,
            null,
            0L,
            0L,
            null,
            null,
            null,
            List.of(),
            List.of(record),
            List.of(),
            null);
        assertThat(serde.decode(serde.encode(batch)).getObservations()).containsExactly(record);
      }
    }
  }

  @Test
  void aRequestKeepsItsApiAndLosesItsSecrets() {
    Request request = (Request) agent.record(
        request(
            "POST",
            "/openai/deployments/gpt-4o/chat/completions?api-key=" + SECRET,
            "user:pass@api.openai.com:443",
            "Application/Json; charset=utf-8",
            "session-1"),
        false);
    assertThat(request.getMethod()).isEqualTo("POST");
    assertThat(request.getPath()).isEqualTo("/openai/deployments/gpt-4o/chat/completions");
    assertThat(request.getAuthority()).isEqualTo("api.openai.com:443");
    assertThat(request.getContentType()).isEqualTo("application/json");
    assertThat(request.getSessionHash())
        .isEqualTo(KEY.of(KeyedHash.Kind.SESSION, "session-1"))
        .isNotEqualTo("session-1");
    assertThat(request.getSequence()).isNull();
  }

  @Test
  void connectNamesItsDestination() {
    Request request =
        (Request) agent.record(request("CONNECT", "api.openai.com:443", null, null, null), false);
    assertThat(request.getAuthority()).isEqualTo("api.openai.com:443");
    assertThat(request.getPath()).isNull();
  }

  @Test
  void unmaskedShowsTheTargetAndNothingElse() {
    Redaction unmasked = redaction(Names.ALL).unmasked();
    Request request = (Request) unmasked.record(
        request("GET", "/users/bob?token=x", "u:p@host", "text/plain; a=b", "s"), false);
    assertThat(request.getPath()).isEqualTo("/users/bob?token=x");
    assertThat(request.getAuthority()).isEqualTo("host");
    assertThat(request.getContentType()).isEqualTo("text/plain");
    assertThat(request.getSessionHash()).matches("[0-9a-f]{16}");
  }

  @Test
  void namesOfAgentEndpointsLeaveInClearAndOthersAsHashesOfTheirSuffixes() {
    assertThat(hello(agent, "api.openai.com", false)).isEqualTo("api.openai.com");
    assertThat(hello(agent, "www.private.example", false))
        .isEqualTo(KEY.ofName("www.private.example"));
    assertThat(hello(agent, "mcp.private.example", true)).isEqualTo("mcp.private.example");
    assertThat(hello(redaction(Names.ALL), "www.private.example", false))
        .isEqualTo("www.private.example");
    assertThat(hello(redaction(Names.HASH), "api.openai.com", true))
        .isEqualTo(KEY.ofName("api.openai.com"));
  }

  @Test
  void dnsNamesAndAuthoritiesFollowTheSamePolicy() {
    DnsAnswer answer = (DnsAnswer) agent.record(
        new Observation.DnsAnswer(
            0, "www.private.example", "A", 0, List.of("10.0.0.1", "not an address"), 60),
        false);
    assertThat(answer.getName()).isEqualTo(KEY.ofName("www.private.example"));
    assertThat(answer.getAddresses()).containsExactly("10.0.0.1");
    assertThat(authority("www.private.example:8080", false))
        .isEqualTo(KEY.ofName("www.private.example") + ":8080");
    assertThat(authority("www.private.example:8080", true)).isEqualTo("www.private.example:8080");
    assertThat(authority("10.0.0.1:8000", false)).isEqualTo("10.0.0.1:8000");
    assertThat(authority("[::1]:8000", false)).isEqualTo("[::1]:8000");
    assertThat(authority("localhost:8000", false)).isEqualTo("localhost:8000");
  }

  @Test
  void aNameFromTheWireCannotPassForAHash() {
    assertThat(hello(redaction(Names.ALL), "~0123456789ab", false)).isEqualTo("_0123456789ab");
  }

  @Test
  void rpcIdsKeepTheirTypeAndOddOnesAreHashed() {
    assertThat(call(1L, "tools/call", "add").getId()).isEqualTo(1L);
    assertThat(call(1, "tools/call", "add").getId()).isEqualTo(1L);
    assertThat(call("1", "tools/call", "add").getId()).isEqualTo("1");
    assertThat(call("req_a.b:c-1", "tools/call", "add").getId()).isEqualTo("req_a.b:c-1");
    assertThat(call("", "tools/call", "add").getId().toString()).matches("~[0-9a-f]{16}");
    assertThat(call(SECRET, "tools/call", "add").getId().toString()).matches("~[0-9a-f]{16}");
    assertThat(call("a".repeat(65), "tools/call", "add").getId().toString())
        .matches("~[0-9a-f]{16}");
    assertThat(call("~0123456789abcdef", "tools/call", "add").getId())
        .isNotEqualTo("~0123456789abcdef");
    assertThat(call(null, "tools/call", "add").getId()).isNull();
  }

  @Test
  void resourcesShowTheirSchemeOnly() {
    assertThat(call(1L, "resources/read", "file:///home/bob/x.txt").getTarget())
        .isEqualTo("file:*");
    assertThat(call(1L, "tools/call", "search_customers").getTarget())
        .isEqualTo("search_customers");
  }

  @Test
  void usageIsNumbersAndKnownWords() {
    LlmUsage usage = (LlmUsage) agent.record(
        new Observation.LlmUsage(
            0,
            "chat_completions",
            "gpt-4o",
            1L,
            2L,
            null,
            "because " + SECRET,
            List.of("add", SECRET),
            "text of " + SECRET),
        false);
    assertThat(usage.getFinishReason()).isEqualTo("other");
    assertThat(usage.getError()).isEqualTo("other");
    assertThat(usage.getToolCalls().get(0)).isEqualTo("add");
    assertThat(usage.getCachedTokens()).isNull();
  }

  @Test
  void versionsHaveNamesAndUnknownOnesTheirNumber() {
    assertThat(Redaction.tlsVersion(0x0304)).isEqualTo("TLSv1.3");
    assertThat(Redaction.tlsVersion(0xFEFD)).isEqualTo("DTLSv1.2");
    assertThat(Redaction.tlsVersion(0x7F1C)).isEqualTo("0x7f1c");
  }

  private static void check(IndexedRecord record, String text) {
    for (Schema.Field field : record.getSchema().getFields()) {
      String name = record.getSchema().getName() + "." + field.name();
      Object value = record.get(field.pos());
      List<?> values = value instanceof List<?> list ? list : Arrays.asList(value);
      for (Object each : values) {
        if (each instanceof CharSequence chars) {
          Sanitizer sanitizer = AllowList.fields().get(name);
          assertThat(sanitizer).as(name).isNotNull();
          assertThat(sanitizer.accepts(chars.toString()))
              .as("%s: %s", name, each)
              .isTrue();
          assertThat(chars.toString()).as("%s of %s", name, text).doesNotContain("\u001b", "<");
        }
      }
    }
  }

  private static Observation filledWith(Class<?> type, String text) throws Exception {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
    Object[] values = Arrays.stream(types).map(t -> valueOf(t, text)).toArray();
    return (Observation) type.getDeclaredConstructor(types).newInstance(values);
  }

  private static Object valueOf(Class<?> type, String text) {
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    return Map.<Class<?>, Object>ofEntries(
            Map.entry(String.class, text),
            Map.entry(Object.class, text),
            Map.entry(List.class, List.of(text, text)),
            Map.entry(byte[].class, text.getBytes(StandardCharsets.UTF_8)),
            Map.entry(long.class, 7L),
            Map.entry(Long.class, 7L),
            Map.entry(int.class, 7),
            Map.entry(Integer.class, 7),
            Map.entry(boolean.class, true),
            Map.entry(Float.class, 0.5f),
            Map.entry(Anomaly.class, Anomaly.TCP_GAP))
        .get(type);
  }

  private static Redaction redaction(Names names) {
    return Redaction.of(new NamePolicy(names, "api.openai.com"::equals, KEY), KEY);
  }

  private static Observation.Request request(
      String method, String target, String authority, String contentType, String session) {
    return new Observation.Request(
        0,
        "http/1.1",
        Observation.Evidence.DECODED,
        null,
        false,
        true,
        1,
        2,
        -1,
        100,
        null,
        method,
        target,
        authority,
        contentType,
        session,
        null,
        null,
        null,
        null,
        -1,
        0,
        0);
  }

  private String authority(String raw, boolean isAgent) {
    return ((Request) agent.record(request("GET", "/", raw, null, null), isAgent)).getAuthority();
  }

  private static String hello(Redaction redaction, String name, boolean isAgent) {
    var hello = new Observation.ClientHello(
        1,
        "tcp",
        name,
        List.of("h2"),
        0x0304,
        "ja3",
        "t13d1516h2_8daaf6152771_b186095e22b6",
        false,
        false,
        false,
        new byte[32]);
    return ((TlsClientHello) redaction.record(hello, isAgent)).getServerName();
  }

  private RpcCall call(Object id, String method, String target) {
    return (RpcCall) agent.record(
        new Observation.RpcCall(
            0,
            0,
            Observation.RpcDirection.TO_SERVER,
            1,
            2,
            3,
            false,
            id,
            method,
            target,
            null,
            Observation.McpTransport.UNKNOWN,
            null,
            null,
            null,
            null,
            true),
        false);
  }
}
