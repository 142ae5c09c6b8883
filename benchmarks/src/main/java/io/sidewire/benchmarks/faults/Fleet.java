package io.sidewire.benchmarks.faults;

import io.sidewire.benchmarks.faults.Member.Role;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of the test, as the packaged services run them: one JVM each, on loopback, on ports of their own. */
final class Fleet implements AutoCloseable {
  private static final int PROCESSORS = 2;
  private static final int APIS = 2;

  final List<Member> members = new ArrayList<>();
  final List<Integer> apiPorts = new ArrayList<>();
  final List<Integer> processorPorts = new ArrayList<>();
  final String kafka;

  private final Path home;
  private final Path folder;

  /**
   * @param home the project, built
   * @param folder for states and logs
   * @param captures one for each host
   * @param captureSettings flags of every capture
   * @param paced true: captures come at the pace of their packets, at first
   */
  Fleet(Path home, Path folder, List<Path> captures, List<String> captureSettings, boolean paced)
      throws IOException {
    this.home = home;
    this.folder = folder;
    int brokerPort = freePort();
    kafka = "127.0.0.1:" + brokerPort;
    broker(brokerPort);
    for (int i = 0; i < PROCESSORS; i++) {
      processor("processor-" + (char) ('a' + i));
    }
    for (int i = 0; i < APIS; i++) {
      api("api-" + (char) ('a' + i));
    }
    for (Path capture : captures) {
      capture(capture, captureSettings, paced);
    }
  }

  List<Member> of(Role role) {
    return members.stream().filter(member -> member.role == role).toList();
  }

  @Override
  public void close() throws InterruptedException {
    for (Member member : members) {
      member.kill();
    }
  }

  private void broker(int port) {
    Path state = folder.resolve("broker");
    List<String> command = java("256m", System.getProperty("java.class.path"));
    command.addAll(
        List.of(BrokerProcess.class.getName(), state.toString(), Integer.toString(port)));
    add(Role.BROKER, "broker", command, command, state);
  }

  private void processor(String name) throws IOException {
    Path state = folder.resolve(name);
    int port = freePort();
    processorPorts.add(port);
    List<String> command = java("256m", lib("stream-processor/target/app/lib"));
    command.addAll(List.of(
        "io.sidewire.processor.StreamMain",
        "--kafka",
        kafka,
        "--state-dir",
        state.toString(),
        "--health-bind",
        "127.0.0.1:" + port));
    add(Role.PROCESSOR, name, command, command, state);
  }

  private void api(String name) throws IOException {
    Path state = folder.resolve(name);
    int port = freePort();
    apiPorts.add(port);
    List<String> command = java("256m", null);
    command.addAll(List.of(
        "-Dsidewire.kafka.bootstrap-servers=" + kafka,
        "-Dsidewire.query.instance=" + name,
        "-Dsidewire.query.state-dir=" + state,
        "-Dsidewire.api.port=" + port,
        "-jar",
        home.resolve("query-api/target/quarkus-app/quarkus-run.jar").toString()));
    add(Role.API, name, command, command, state);
  }

  /** The first time at the pace of its packets; what is to be made up for after a kill, as fast as it goes. */
  private void capture(Path file, List<String> settings, boolean paced) {
    List<String> command = java("128m", lib("capture-producer/target/app/lib"));
    command.addAll(List.of("io.sidewire.capture.CaptureMain", "--kafka", kafka));
    command.addAll(settings);
    var first = new ArrayList<>(command);
    first.addAll(List.of("--pace", paced ? "original" : "fast", file.toString()));
    var later = new ArrayList<>(command);
    later.add(file.toString());
    String name = file.getFileName().toString().replaceAll("-\\d+\\.pcap$", "");
    add(Role.CAPTURE, name, first, later, null);
  }

  private void add(Role role, String name, List<String> command, List<String> later, Path state) {
    members.add(new Member(role, name, command, later, state, folder.resolve(name + ".log")));
  }

  private String lib(String path) {
    Path lib = home.resolve(path);
    if (!Files.isDirectory(lib)) {
      throw new IllegalStateException(lib + " is missing: build first, ./sidewire build");
    }
    return lib + File.separator + "*";
  }

  private static List<String> java(String heap, String classPath) {
    var command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-Xmx" + heap));
    if (classPath != null) {
      command.addAll(List.of("-cp", classPath));
    }
    return command;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
