package io.sidewire.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeyedHashTest {
  private final KeyedHash hash = key("0123456789abcdef");

  @Test
  void equalValuesPairAndKindsAndKeysDoNot() {
    assertThat(hash.of(KeyedHash.Kind.SESSION, "s-1"))
        .matches("[0-9a-f]{16}")
        .isEqualTo(key("0123456789abcdef").of(KeyedHash.Kind.SESSION, "s-1"))
        .isNotEqualTo(hash.of(KeyedHash.Kind.RPC_ID, "s-1"))
        .isNotEqualTo(key("another key of it").of(KeyedHash.Kind.SESSION, "s-1"));
    assertThat(hash.of(KeyedHash.Kind.SESSION, (String) null)).isNull();
  }

  @Test
  void namesStillMatchBySuffixForWhoHoldsTheKey() {
    String[] parts = hash.ofName("api.x.corp").substring(1).split("\\.");
    assertThat(hash.ofName("api.x.corp")).startsWith("~");
    assertThat(parts)
        .containsExactly(
            hash.ofSuffix("api.x.corp"), hash.ofSuffix("x.corp"), hash.ofSuffix("corp"));
    assertThat(hash.ofName("corp")).isEqualTo("~" + hash.ofSuffix("corp"));
  }

  @Test
  void theKeyIdIsShortAndStable() {
    assertThat(hash.keyId())
        .matches("[0-9a-f]{8}")
        .isEqualTo(key("0123456789abcdef").keyId());
  }

  @Test
  void aShortKeyIsRefused() {
    assertThatThrownBy(() -> key("short")).hasMessageContaining("at least 16 bytes");
  }

  private static KeyedHash key(String text) {
    return new KeyedHash(text.getBytes(StandardCharsets.US_ASCII));
  }
}
