package io.sidewire.wire.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommunityIdTest {

  /** Flows of the Community ID specification's own test data. */
  @ParameterizedTest
  @CsvSource({
    "6, 128.232.110.120, 34855, 66.35.250.204, 80, 1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
    "17, 192.168.1.52, 54585, 8.8.8.8, 53, 1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
    "132, 192.168.170.8, 7, 192.168.170.56, 7, 1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=",
    "1, 192.168.0.89, 8, 192.168.0.1, 0, 1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
    "58, fe80::200:86ff:fe05:80da, 135, fe80::260:97ff:fe07:69ea, 0,"
        + " 1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
    "46, 10.1.24.4, -1, 10.1.12.1, -1, 1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4=",
  })
  void namesFlowsAsTheSpecificationDoes(
      int protocol, String source, int from, String destination, int to, String expected)
      throws Exception {
    assertThat(of(protocol, source, from, destination, to)).isEqualTo(expected);
  }

  @Test
  void isTheSameFromEitherEnd() throws Exception {
    assertThat(of(6, "10.0.0.2", 80, "10.0.0.1", 4000))
        .isEqualTo(of(6, "10.0.0.1", 4000, "10.0.0.2", 80));
    assertThat(of(6, "10.0.0.1", 80, "10.0.0.1", 4000))
        .isEqualTo(of(6, "10.0.0.1", 4000, "10.0.0.1", 80));
  }

  @Test
  void pairsQuestionAndAnswerOfIcmp() throws Exception {
    assertThat(of(1, "10.0.0.2", 0, "10.0.0.1", 0)).isEqualTo(of(1, "10.0.0.1", 8, "10.0.0.2", 0));
    assertThat(of(58, "fe80::2", 129, "fe80::1", 0))
        .isEqualTo(of(58, "fe80::1", 128, "fe80::2", 0));
  }

  @Test
  void doesNotPairMessagesOfIcmpThatGoOneWay() throws Exception {
    assertThat(of(1, "10.0.0.2", 3, "10.0.0.1", 1))
        .isNotEqualTo(of(1, "10.0.0.1", 3, "10.0.0.2", 1));
  }

  private static String of(int protocol, String source, int from, String destination, int to)
      throws Exception {
    byte[] a = InetAddress.getByName(source).getAddress();
    byte[] b = InetAddress.getByName(destination).getAddress();
    byte[] both = new byte[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return new CommunityId().of(protocol, both, 0, a.length, a.length, from, to);
  }
}
