package io.sidewire.wire.fuzz;

import io.sidewire.testkit.FuzzTarget;
import io.sidewire.testkit.Fuzzing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every fuzz target of this module over its seeds, past findings, and some changed ones. */
class FuzzSeedsTest {
  private static final int CHANGES = Integer.getInteger("fuzz.changes", 300);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "link.LinkFuzz",
        "tcp.TcpFuzz",
        "flow.PacketsFuzz",
        "fuzz.FlowFuzz",
        "fuzz.HttpFuzz",
        "fuzz.TlsFuzz",
        "fuzz.DecryptFuzz",
        "fuzz.DatagramFuzz",
        "fuzz.SseFuzz",
        "fuzz.JsonFuzz",
        "http2.Http2Fuzz",
        "http2.HpackFuzz"
      })
  void holdsForEachInput(String name) throws Exception {
    var constructor = Class.forName("io.sidewire.wire." + name).getDeclaredConstructor();
    constructor.setAccessible(true);
    Fuzzing.check((FuzzTarget) constructor.newInstance(), CHANGES);
  }
}
