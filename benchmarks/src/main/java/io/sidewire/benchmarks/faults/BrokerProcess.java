package io.sidewire.benchmarks.faults;

import io.sidewire.standalone.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A broker as a process of its own, until it is killed: {@code BrokerProcess FOLDER PORT}. */
final class BrokerProcess {
  private BrokerProcess() {}

  public static void main(String[] args) throws InterruptedException {
    EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]), Integer.parseInt(args[1]));
    System.out.println("listens on " + broker.bootstrapServers());
    new CountDownLatch(1).await();
  }
}
