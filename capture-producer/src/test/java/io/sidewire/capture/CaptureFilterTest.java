package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CaptureFilterTest {
  @Test
  void everythingIsNoFilter() {
    assertThat(CaptureFilter.compose(Mode.ALL, List.of(), null, "")).isEmpty();
  }

  @Test
  void modeFilterAndOwnTrafficMustAllHold() {
    assertThat(CaptureFilter.compose(
            Mode.AZURE, List.of(), " host 10.0.0.5 or host 10.0.0.6 ", "not (tcp and port 9092)"))
        .isEqualTo("(port 443 or port 53) and (host 10.0.0.5 or host 10.0.0.6)"
            + " and not (tcp and port 9092)");
  }

  @Test
  void portsTakeThePlaceOfTheModes() {
    assertThat(CaptureFilter.compose(Mode.AZURE, List.of("3128", "9000-9010"), null, ""))
        .isEqualTo("(port 3128 or portrange 9000-9010)");
  }

  @Test
  void ownEndpointsAreLeftOutByAddressAndPort() {
    OwnTraffic own = OwnTraffic.of(List.of("127.0.0.1:9092", "[::1]:7420"));
    assertThat(own.filter())
        .isEqualTo("not (tcp and host 127.0.0.1 and port 9092)"
            + " and not (tcp and host 0:0:0:0:0:0:0:1 and port 7420)");
    assertThat(OwnTraffic.none().filter()).isEmpty();
  }

  @Test
  void aNetworkOfItsOwnIsLeftOutWhole() {
    assertThat(OwnTraffic.of(List.of("172.29.74.0/24", "fd00:74::/64", "127.0.0.1:9092"))
            .filter())
        .isEqualTo("not (net 172.29.74.0/24) and not (net fd00:74::/64)"
            + " and not (tcp and host 127.0.0.1 and port 9092)");
  }

  @Test
  void theSettingsTellOfKafkaHealthAndRegistry() {
    assertThat(own("http://registry:7424/apis/registry/v3"))
        .contains("kafka:9092", "127.0.0.1:7421", "registry:7424");
    assertThat(own("https://registry.example/apis")).contains("registry.example:443");
    assertThat(own("")).containsExactly("kafka:9092", "127.0.0.1:7421");
  }

  private static List<String> own(String registry) {
    return PipelineParts.ownTraffic(CaptureConfig.load(
            null, Map.of(), Map.of("kafka", "kafka:9092", "schema-registry", registry)))
        .endpoints();
  }

  @Test
  void localhostIsBothItsAddresses() {
    assertThat(OwnTraffic.of(List.of("localhost:7420")).resolved())
        .containsExactly("127.0.0.1 7420", "::1 7420");
  }

  @Test
  void anyAddressIsEachOfThisHost() {
    assertThat(OwnTraffic.of(List.of("0.0.0.0:7420")).resolved()).contains("127.0.0.1 7420");
  }

  @Test
  void endpointsThatNameNothingAreLeftOut() {
    assertThat(OwnTraffic.of(List.of("no.such.name.invalid:1", "127.0.0.1", "x:y", "127.0.0.1:0"))
            .resolved())
        .isEmpty();
  }

  @Test
  void laterEndpointsAreAskedForAtEachUse() {
    var brokers = new java.util.HashSet<String>();
    OwnTraffic own = OwnTraffic.of(Set.of("127.0.0.1:1")).and(() -> brokers);
    assertThat(own.endpoints()).containsExactly("127.0.0.1:1");
    brokers.add("127.0.0.1:2");
    assertThat(own.resolved()).containsExactly("127.0.0.1 1", "127.0.0.1 2");
  }
}
