package io.sidewire.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptAdminTest {

  @Test
  void closesWhileACallToSomethingThatNeverAnswersIsOpen() throws Exception {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var admin =
          new PromptAdmin(Map.of("bootstrap.servers", "127.0.0.1:" + silent.getLocalPort()));
      var call = admin.describeCluster().nodes();
      silent.accept();
      long start = System.nanoTime();
      admin.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      assertThat(call.isDone()).isTrue();
    }
  }
}
