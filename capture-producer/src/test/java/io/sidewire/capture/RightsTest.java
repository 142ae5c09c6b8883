package io.sidewire.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RightsTest {
  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, PROCESSES",
    "0000000000003000, PACKETS", // NET_ADMIN and NET_RAW
    "0000000000083000, PACKETS", // SYS_PTRACE alone does not do
    "0000000000003004, PACKETS", // nor does DAC_READ_SEARCH
    "0000000000083004, PROCESSES",
    "what, PACKETS",
  })
  void followFromTheEffectiveCapabilities(String mask, Rights rights) {
    assertThat(Rights.of("Name:\tjava\nCapPrm:\t0000000000000000\nCapEff:\t" + mask + "\n"))
        .isEqualTo(rights);
  }

  @Test
  void areNamedForThisProcess() {
    assertThat(Rights.ofThisProcess()).isNotNull();
  }
}
