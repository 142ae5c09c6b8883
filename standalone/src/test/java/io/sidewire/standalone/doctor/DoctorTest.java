package io.sidewire.standalone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.standalone.data.RunFile;
import io.sidewire.standalone.host.Listeners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each cause of "I see nothing" is found and comes with its fix. */
class DoctorTest {
  @TempDir
  Path folder;

  private Path data;

  @BeforeEach
  void data() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
  }

  @Test
  void noPacketIsTold() {
    assertFinding(
        Doctor.traffic(new Probe(0, 0, 0, 0), "lo in 2.0 s"),
        Finding.Level.NOTE,
        "no packet on lo in 2.0 s",
        "--interface any");
  }

  @Test
  void lossesAreTold() {
    assertFinding(
        Doctor.traffic(new Probe(1000, 7, 3, 0), "lo"),
        Finding.Level.PROBLEM,
        "7 of 1000 packets were lost",
        "--set ring=128MiB");
  }

  @Test
  void oneDirectionOnlyIsTold() {
    assertFinding(
        Doctor.traffic(new Probe(10, 0, 3, 3), "eth0"),
        Finding.Level.PROBLEM,
        "every one of 3 TCP flows on eth0 was seen in one direction only",
        "mirror port");
  }

  @Test
  void trafficOfBothDirectionsIsFine() {
    Finding finding = Doctor.traffic(new Probe(10, 0, 3, 2), "eth0");
    assertThat(finding.level()).isEqualTo(Finding.Level.OK);
    assertThat(finding.what()).contains("10 packets, 3 TCP flows on eth0, none lost");
  }

  @Test
  void aFilterOfOneDirectionIsTold() {
    var oneWay = doctor(Map.of(CaptureConfig.FILTER.name(), "tcp and dst port 443"), List.of(), 0);
    assertFinding(oneWay.check("filter"), Finding.Level.NOTE, "one direction", "leave out 'dst'");
    var both = doctor(Map.of(CaptureConfig.FILTER.name(), "port 443"), List.of(), 0);
    assertThat(both.check("filter").level()).isEqualTo(Finding.Level.OK);
  }

  @Test
  void aPortWithoutServerIsTold() throws IOException {
    int port;
    try (var server = new ServerSocket(0)) {
      port = server.getLocalPort();
      assertThat(doctor(Map.of(), List.of(port), 0).check("listening").level())
          .isEqualTo(Finding.Level.OK);
    }
    assertFinding(
        doctor(Map.of(), List.of(port), 0).check("listening"),
        Finding.Level.NOTE,
        "nothing on this host listens on port " + port,
        "ss -ltnp");
  }

  @Test
  void anInterfaceThatIsNotThereIsTold() {
    Finding finding =
        doctor(Map.of(CaptureConfig.INTERFACE.name(), "nope9"), List.of(), 0).check("permission");
    assertThat(finding.level()).isEqualTo(Finding.Level.PROBLEM);
    assertThat(finding.what()).contains("nope9");
  }

  @Test
  void aFilterThatIsNoneIsTold() {
    Finding finding =
        doctor(Map.of(CaptureConfig.FILTER.name(), "host and"), List.of(), 0).check("permission");
    assertThat(finding.level()).isEqualTo(Finding.Level.PROBLEM);
  }

  @Test
  void aBrokerThatIsNotThereIsTold() throws IOException {
    int free;
    try (var server = new ServerSocket(0)) {
      free = server.getLocalPort();
    }
    for (String broker :
        List.of("127.0.0.1:" + free, "localhost", "localhost:x", "[::1]:" + free)) {
      assertFinding(
          asks(broker).check("broker"),
          Finding.Level.PROBLEM,
          "nothing accepts connections at " + broker,
          "correct --kafka HOST:PORT");
    }
  }

  @Test
  void whatIsNoBrokerIsTold() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.start();
    try {
      assertFinding(
          asks("127.0.0.1:" + other.getAddress().getPort()).check("broker"),
          Finding.Level.PROBLEM,
          "does not answer as a broker",
          "client listener");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void aTakenPortIsTold() throws IOException {
    try (var server = new ServerSocket(0)) {
      assertFinding(
          doctor(Map.of(), List.of(), server.getLocalPort()).check("port"),
          Finding.Level.PROBLEM,
          "port " + server.getLocalPort() + " is taken by java",
          "--port");
    }
  }

  @Test
  void aFolderThatCannotHoldDataIsTold() throws IOException {
    data = Path.of("/proc/sidewire"); // not even for root
    Finding finding = doctor(Map.of(), List.of(), 0).check("data");
    assertFinding(finding, Finding.Level.PROBLEM, "/proc/sidewire", "--data");
  }

  @Test
  void noRunningOneIsTold() {
    assertFinding(
        doctor(Map.of(), List.of(), 0).check("running"),
        Finding.Level.NOTE,
        "no Sidewire runs on the data in " + data,
        "./sidewire up");
  }

  @Test
  void whatTheRunningOneKnowsIsTold() throws IOException {
    long now = System.currentTimeMillis() * 1000;
    assertFinding(running(""), Finding.Level.PROBLEM, "no capture has reported", "sidewire.log");
    assertFinding(
        running(host(now, "\"two captures as one host\"", 1)),
        Finding.Level.PROBLEM,
        "a: two captures as one host",
        "hosts on the page");
    assertFinding(
        running(host(now + TimeUnit.HOURS.toMicros(1), "", 1)),
        Finding.Level.PROBLEM,
        "the clock of a is 3",
        "timedatectl");
    assertFinding(
        running(host(now, "", 0.9)), Finding.Level.NOTE, "a lost packets: coverage 0.9", "--ports");
    assertThat(running(host(now, "", 1)).level()).isEqualTo(Finding.Level.OK);
    assertThat(running(host(now, "", 1)).what()).contains("no key log");
    String reads =
        host(now, "", 1).replace("{\"host\"", "{\"settings\":{\"keylog\":\"on\"},\"host\"");
    assertThat(running(reads).what()).contains("decrypts TLS with key logs on a");
  }

  private static String host(long lastSeen, String alerts, double coverage) {
    return "{\"host\":\"a\",\"lastSeen\":" + lastSeen + ",\"file\":false,\"alerts\":[" + alerts
        + "],\"coverage\":" + coverage + "}";
  }

  private Finding running(String hosts) throws IOException {
    HttpServer api =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body = ("{\"items\":[" + hosts + "]}").getBytes(StandardCharsets.UTF_8);
    api.createContext("/api/v1/hosts", exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    api.start();
    try {
      String url = "http://127.0.0.1:" + api.getAddress().getPort();
      new RunFile(ProcessHandle.current().pid(), url, "lo", "127.0.0.1:1", "1").write(data);
      return doctor(Map.of(), List.of(), 0).check("running");
    } finally {
      api.stop(0);
    }
  }

  private Doctor asks(String kafka) {
    return new Doctor(
        new Doctor.Question(
            CaptureConfig.of(Map.of()),
            List.of(),
            Optional.of(kafka),
            data,
            0,
            Duration.ofMillis(1)),
        new Listeners(Path.of("/proc")));
  }

  private Doctor doctor(Map<String, String> settings, List<Integer> ports, int apiPort) {
    CaptureConfig config = CaptureConfig.of(settings);
    return new Doctor(
        new Doctor.Question(config, ports, Optional.empty(), data, apiPort, Duration.ofMillis(1)),
        new Listeners(Path.of("/proc")));
  }

  private static void assertFinding(Finding finding, Finding.Level level, String what, String fix) {
    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.what()).contains(what);
    assertThat(finding.fix()).contains(fix);
  }
}
