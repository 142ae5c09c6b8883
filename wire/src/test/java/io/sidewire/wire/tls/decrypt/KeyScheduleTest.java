package io.sidewire.wire.tls.decrypt;

import static io.sidewire.wire.tls.TlsBytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class KeyScheduleTest {

  /** RFC 8448 section 3: the server's handshake traffic secret, and the key and nonce that come of it. */
  @Test
  void expandsAsRfc8448Does() throws Exception {
    byte[] secret = hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
    assertThat(KeySchedule.expandLabel("SHA256", secret, "key", 16))
        .isEqualTo(hex("3fce516009c21727d0f2e4e86ee403bc"));
    assertThat(KeySchedule.expandLabel("SHA256", secret, "iv", 12))
        .isEqualTo(hex("5d313eb2671276ee13000b30"));
  }

  /** RFC 3610, packet vector 1, has a nonce of 13 bytes; this is example 3 of NIST SP 800-38C, with one of 12. */
  @Test
  void opensTheCcmExampleOfNist() throws Exception {
    byte[] key = hex("404142434445464748494a4b4c4d4e4f");
    byte[] nonce = hex("101112131415161718191a1b");
    byte[] additional = hex("000102030405060708090a0b0c0d0e0f10111213");
    byte[] sealed = hex("e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951");
    byte[] plain = hex("202122232425262728292a2b2c2d2e2f3031323334353637");
    byte[] out = new byte[64];
    var ccm = new Ccm(new SecretKeySpec(key, "AES"), 8);
    assertThat(ccm.open(nonce, additional, sealed, 0, plain.length, out)).isTrue();
    assertThat(Arrays.copyOf(out, plain.length)).isEqualTo(plain);
    sealed[3] ^= 1;
    assertThat(ccm.open(nonce, additional, sealed, 0, plain.length, out)).isFalse();
  }

  @Test
  void neverShowsASecret() {
    assertThat(Sealer.secrets(0x1301).toString()).doesNotContain("40", "@@");
  }
}
