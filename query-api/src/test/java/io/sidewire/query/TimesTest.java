package io.sidewire.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  private static final long NOW = 1_772_366_400_000_000L;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1772366400, 1772366400000000",
    "1772366400.25, 1772366400250000",
    "1772366400123, 1772366400123000",
    "1772366400123456, 1772366400123456",
    "now, 1772366400000000",
    "-15m, 1772365500000000",
    "now-1h, 1772362800000000",
    "-1.5s, 1772366398500000",
    "2026-03-01T12:00:00Z, 1772366400000000",
    "2026-03-01T14:00:00+02:00, 1772366400000000",
    "2026-03-01T14:00:00 02:00, 1772366400000000",
    "2026-03-01T12:00:00.000001Z, 1772366400000001",
    "2026-03-01T12:00:00, 1772366400000000",
    "2026-03-01, 1772323200000000",
  })
  void moments(String text, long micros) {
    assertThat(Times.moment(text, NOW)).isEqualTo(micros);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "yesterday", "-15", "15m", "now+1h", "2026-13-01", "1e9", "--1m", "-1y"})
  void noMoments(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Times.moment(text, NOW));
  }

  @ParameterizedTest
  @CsvSource({"800us, 800", "250ms, 250000", "1.5s, 1500000", "2m, 120000000", "7, 7000"})
  void lengths(String text, long micros) {
    assertThat(Times.length(text, "ms")).isEqualTo(micros);
  }

  @Test
  void aLengthWithoutUnitNeedsOneToBeTaken() {
    assertThatIllegalArgumentException().isThrownBy(() -> Times.length("7", null));
    assertThatIllegalArgumentException().isThrownBy(() -> Times.length("999999999999999w", "s"));
  }

  @Test
  void wholeWindows() {
    assertThat(new Span(12_345_678, 30_000_001).wholeWindows())
        .isEqualTo(new Span(10_000_000, 40_000_000));
    assertThat(new Span(10_000_000, 20_000_000).wholeWindows())
        .isEqualTo(new Span(10_000_000, 20_000_000));
    assertThat(new Span(-1, 1).wholeWindows()).isEqualTo(new Span(-10_000_000, 10_000_000));
  }
}
