package io.sidewire.capture.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RightsTest {
  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, false, PROCESSES",
    "0000000000003000, false, PACKETS", // NET_ADMIN and NET_RAW
    "0000000000083000, false, PACKETS", // SYS_PTRACE alone does not do
    "0000000000003004, false, PACKETS", // nor does DAC_READ_SEARCH
    "0000000000083004, false, PROCESSES",
    "0000000000003000, true, CONTAINERS",
    "0000000000000000, true, CONTAINERS", // no capability tells of containers, only what is listed
    "0000000000083004, true, PROCESSES",
    "what, false, PACKETS",
  })
  void followFromTheCapabilitiesAndWhatIsListed(String mask, boolean host, Rights rights) {
    assertThat(Rights.of("Name:\tjava\nCapPrm:\t0000000000000000\nCapEff:\t" + mask + "\n", host))
        .isEqualTo(rights);
  }

  @Test
  void areNamedForThisProcess() {
    assertThat(Rights.ofThisProcess()).isNotNull();
  }
}
