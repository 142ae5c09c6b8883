package io.sidewire.wire.tls;

import static io.sidewire.wire.tls.TlsBytes.alpn;
import static io.sidewire.wire.tls.TlsBytes.clientHelloBody;
import static io.sidewire.wire.tls.TlsBytes.extension;
import static io.sidewire.wire.tls.TlsBytes.hex;
import static io.sidewire.wire.tls.TlsBytes.join;
import static io.sidewire.wire.tls.TlsBytes.serverName;
import static io.sidewire.wire.tls.TlsBytes.u16;
import static io.sidewire.wire.tls.TlsBytes.versions;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HelloTest {
  private static final int[] CIPHERS = {0x1301, 0xc02f};

  private static Hello read(byte[] body) {
    return Hello.parse(body, 0, body.length, false, false);
  }

  private static Hello with(byte[]... extensions) {
    return read(clientHelloBody(0x303, new byte[0], null, CIPHERS, extensions));
  }

  @Test
  void readsTheHelloOfRfc8448() {
    byte[] message = TlsBytes.RFC_8448_CLIENT_HELLO;
    Hello hello = Hello.parse(message, 4, message.length - 4, false, false);
    assertThat(hello.serverName).isEqualTo("server");
    assertThat(hello.version()).isEqualTo(0x304);
    assertThat(hello.ciphers).containsExactly(0x1301, 0x1303, 0x1302);
    assertThat(hello.groups).containsExactly(29, 23, 24, 25, 256, 257, 258, 259, 260);
    assertThat(hello.resumption()).isFalse();
    assertThat(Ja3.text(hello))
        .isEqualTo(
            "771,4865-4867-4866,0-65281-10-35-51-43-13-45-28,29-23-24-25-256-257-258-259-260,");
    assertThat(Ja4.of(hello, 't')).startsWith("t13d030900_");
  }

  /** The example of the specification: Chrome, with the lists that it gives in its raw form. */
  @Test
  void makesTheFingerprintThatTheSpecificationShows() {
    int[] ciphers = {
      0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
      0xc014, 0x009c, 0x009d, 0x002f, 0x0035
    };
    int[] signatures = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
    int[] others = {0x1b, 0x33, 0x4469, 0x17, 0x23, 0x05, 0x12, 0x2d, 0xff01, 0x0a, 0x0b, 0x15};
    byte[] extensions = join(
        extension(0x3a3a, new byte[0]),
        serverName("example.org"),
        alpn("h2", "http/1.1"),
        versions(0x4a4a, 0x0304, 0x0303),
        extension(13, TlsBytes.long16(u16(signatures))));
    for (int other : others) {
      byte[] body = other == 0x0a
          ? TlsBytes.long16(u16(0x1a1a, 29))
          : other == 0x0b ? new byte[] {1, 0} : new byte[0];
      extensions = join(extensions, extension(other, body));
    }
    Hello hello = read(clientHelloBody(0x303, new byte[32], null, ciphers, extensions));
    assertThat(Ja4.of(hello, 't')).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
    assertThat(Ja4.of(hello, 'q')).startsWith("q13d1516h2_");
  }

  @Test
  void cleansServerNames() {
    assertThat(with(serverName("MyResource.OpenAI.Azure.com.")).serverName)
        .isEqualTo("myresource.openai.azure.com");
    assertThat(with(serverName("a_b-c.example")).serverName).isEqualTo("a_b-c.example");
    assertThat(with(serverName("no spaces.example")).serverName).isNull();
    assertThat(with(serverName("")).serverName).isNull();
    assertThat(with(serverName("\u00fc.example")).serverName).isNull();
    assertThat(with(serverName("x".repeat(256))).serverName).isNull();
  }

  @Test
  void knowsResumptionEarlyDataAndEncryptedHellos() {
    assertThat(with(extension(35, new byte[0])).resumption()).isFalse();
    assertThat(with(extension(35, new byte[8])).resumption()).isTrue();
    assertThat(with(extension(41, new byte[8])).resumption()).isTrue();
    assertThat(with(extension(42, new byte[0])).earlyData).isTrue();
    assertThat(with(extension(0xfe0d, new byte[9])).encrypted).isTrue();
  }

  @Test
  void takesTheHighestVersionAndNoGrease() {
    assertThat(with(versions(0x0303, 0x0304, 0xfafa)).version()).isEqualTo(0x304);
    assertThat(with(versions(0x7f17, 0x0303)).version()).isEqualTo(0x7f17);
    assertThat(with(versions(0x7f17, 0x0304)).version()).isEqualTo(0x304);
    assertThat(with(new byte[0][]).version()).isEqualTo(0x303);
    assertThat(Hello.rank(0xfefc))
        .isGreaterThan(Hello.rank(0xfefd))
        .isGreaterThan(Hello.rank(0xfeff));
  }

  @Test
  void showsFingerprintsOfOddHellos() {
    Hello bare = read(clientHelloBody(0x300, new byte[0], null, new int[] {5}));
    assertThat(Ja4.of(bare, 't')).matches("ts3i010000_[0-9a-f]{12}_000000000000");
    assertThat(Ja3.text(bare)).isEqualTo("768,5,,,");
    assertThat(Ja4.of(with(alpn("\u00ab\u00cd")), 't')).startsWith("t12i0201ad_");
    assertThat(Ja4.of(with(alpn("x")), 't')).startsWith("t12i0201xx_");
  }

  @Test
  void refusesWhatIsNoHello() {
    assertThat(read(new byte[0])).isNull();
    assertThat(read(new byte[40])).isNull();
    assertThat(read(clientHelloBody(0x202, new byte[0], null, CIPHERS))).isNull();
    assertThat(read(clientHelloBody(0x303, new byte[33], null, CIPHERS))).isNull();
    assertThat(read(clientHelloBody(0x303, new byte[0], null, new int[0]))).isNull();
  }

  @Test
  void readsTheBeginningOfACutHello() {
    byte[] body = clientHelloBody(
        0x303, new byte[32], null, CIPHERS, serverName("api.example.org"), alpn("h2"));
    Hello cut = Hello.parse(body, 0, body.length - 3, false, true);
    assertThat(cut.serverName).isEqualTo("api.example.org");
    assertThat(cut.whole).isFalse();
    assertThat(cut.observation(7, "tcp").ja4()).isNull();
    assertThat(Hello.parse(body, 0, body.length - 3, false, false)).isNull();
  }

  @Test
  void neverThrows() {
    byte[] body = clientHelloBody(
        0x303,
        new byte[32],
        null,
        CIPHERS,
        serverName("api.example.org"),
        alpn("h2", "http/1.1"),
        versions(0x304),
        extension(10, TlsBytes.long16(u16(29, 23))),
        extension(13, TlsBytes.long16(u16(0x403))));
    for (int length = 0; length <= body.length; length++) {
      Hello.parse(body, 0, length, false, true);
      Hello.parse(body, 0, length, true, true);
      Hello.parse(body, 0, length, false, false);
    }
    Random random = new Random(8446);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = body.clone();
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Hello hello = Hello.parse(damaged, 0, damaged.length, false, random.nextBoolean());
      if (hello != null) {
        hello.observation(0, "tcp");
      }
      ServerHelloMessage.parse(
          damaged, 0, damaged.length, random.nextBoolean(), random.nextBoolean());
    }
  }

  @Test
  void readsServerHellos() {
    byte[] message = TlsBytes.RFC_8448_SERVER_HELLO;
    ServerHelloMessage answer =
        ServerHelloMessage.parse(message, 4, message.length - 4, false, false);
    assertThat(answer.version()).isEqualTo(0x304);
    assertThat(answer.cipher).isEqualTo(0x1301);
    assertThat(answer.retry).isFalse();
    byte[] id = hex("00112233445566778899aabbccddeeff");
    byte[] twelve = TlsBytes.serverHello(0x303, id, 0xc02f, alpn("h2"));
    Hello same = read(clientHelloBody(0x303, id, null, CIPHERS));
    ServerHelloMessage chosen =
        ServerHelloMessage.parse(twelve, 4, twelve.length - 4, false, false);
    assertThat(chosen.observation(1, "tcp", same).resumed()).isTrue();
    assertThat(chosen.observation(1, "tcp", null).resumed()).isFalse();
    assertThat(chosen.alpn).isEqualTo("h2");
  }
}
