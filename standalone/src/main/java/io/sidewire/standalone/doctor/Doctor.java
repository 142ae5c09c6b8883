package io.sidewire.standalone.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.CaptureException;
import io.sidewire.capture.Interfaces;
import io.sidewire.capture.process.Rights;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.broker.Brokers;
import io.sidewire.standalone.cli.Advice;
import io.sidewire.standalone.client.ApiClient;
import io.sidewire.standalone.data.RunFile;
import io.sidewire.standalone.host.Listeners;
import io.sidewire.standalone.run.LiveCapture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** Finds out why nothing, or not everything, is seen; each finding names its fix. */
public final class Doctor {
  private static final int BROKER_SECONDS = 5;
  private static final int CONNECT_MILLIS = 3_000;
  private static final long LEAST_DISK = 512L << 20;
  private static final long MICROS_AHEAD = TimeUnit.SECONDS.toMicros(60);

  /**
   * What is asked about.
   *
   * @param ports on which something should be seen; may be empty
   * @param kafka a broker of the user's; empty: the embedded one
   * @param data folder of the running Sidewire, or of one to be started
   */
  public record Question(
      CaptureConfig capture,
      List<Integer> ports,
      Optional<String> kafka,
      Path data,
      int apiPort,
      Duration probe) {}

  private final Question question;
  private final Listeners listeners;
  private final Map<String, Callable<Finding>> checks = new LinkedHashMap<>();

  public Doctor(Question question, Listeners listeners) {
    this.question = question;
    this.listeners = listeners;
    checks.put("libpcap", this::libpcap);
    checks.put("permission", this::permission);
    checks.put("rights", this::rights);
    checks.put("listening", this::listening);
    checks.put("filter", this::filter);
    checks.put("traffic", this::traffic);
    checks.put("data", this::data);
    checks.put("port", this::port);
    checks.put("broker", this::broker);
    checks.put("running", this::running);
  }

  /** Names of the checks, in their order. */
  public List<String> names() {
    return List.copyOf(checks.keySet());
  }

  public Finding check(String name) {
    try {
      return checks.get(name).call();
    } catch (CaptureException e) {
      return Finding.problem(name, Advice.of(e), null);
    } catch (Fault e) {
      return Finding.problem(name, e.getMessage(), null);
    } catch (Exception e) {
      return Finding.problem(name, "could not be checked: " + e, null);
    }
  }

  private String interfaceName() {
    return question.capture().get(CaptureConfig.INTERFACE);
  }

  private Finding libpcap() {
    List<String> names = Interfaces.names();
    return names.isEmpty()
        ? Finding.note(
            "libpcap", "there, but it tells this user of no interface", Interfaces.permissionFix())
        : Finding.ok("libpcap", "there; interfaces: " + String.join(", ", names));
  }

  private Finding permission() {
    LiveCapture.check(question.capture());
    return Finding.ok("permission", "this user may capture on " + interfaceName());
  }

  private Finding rights() {
    Rights rights = Rights.ofThisProcess(Path.of(question.capture().get(CaptureConfig.PROC)));
    return Finding.ok(
        "rights",
        rights.text() + ": "
            + switch (rights) {
              case PROCESSES -> "packets, and whose sockets they are";
              case CONTAINERS ->
                "packets, and the containers of other users' flows; not their processes: SECURITY.md says what that needs";
              case PACKETS ->
                "neither process nor container is seen of other users' flows; SECURITY.md says what that needs";
            });
  }

  private Finding listening() {
    if (question.ports().isEmpty()) {
      return Finding.ok("listening", "no --ports asked about");
    }
    var who = new StringBuilder();
    for (int port : question.ports()) {
      if (!listeners.isListening(port)) {
        return Finding.note(
            "listening",
            "nothing on this host listens on port " + port,
            "start the server, or name the port that it really has: ss -ltnp. A server on another host is seen all the same.");
      }
      who.append(who.length() == 0 ? "" : ", ")
          .append(port)
          .append(listeners.holder(port).map(holder -> " " + holder).orElse(""));
    }
    return Finding.ok("listening", who.toString());
  }

  /** A filter by source or destination alone shows requests without answers. */
  private Finding filter() {
    String filter = question.capture().get(CaptureConfig.FILTER);
    if (filter == null) {
      return Finding.ok("filter", "none");
    }
    String words = " " + filter.toLowerCase(Locale.ROOT) + " ";
    boolean source = words.contains(" src ");
    boolean destination = words.contains(" dst ");
    return source == destination
        ? Finding.ok("filter", filter)
        : Finding.note(
            "filter",
            "'" + filter + "' lets one direction through only: no call is seen whole",
            "leave out '" + (source ? "src" : "dst")
                + "': host, net and port without it mean both directions");
  }

  private Finding traffic() throws InterruptedException {
    Probe seen = Probe.run(question.capture(), question.probe());
    return traffic(seen, interfaceName() + " in " + question.probe().toMillis() / 1000.0 + " s");
  }

  /** What a short capture proves. */
  static Finding traffic(Probe seen, String where) {
    if (seen.packets() == 0) {
      return Finding.note(
          "traffic",
          "no packet on " + where + " that the filter lets through",
          "make a call meanwhile; try --interface any, or lo for what stays on this host; leave out --filter and --ports");
    }
    if (seen.dropped() > 0) {
      return Finding.problem(
          "traffic",
          seen.dropped() + " of " + seen.packets() + " packets were lost on " + where,
          "narrow it: --ports or --filter; or enlarge the buffers: --set ring=128MiB --set queue=64MiB");
    }
    if (seen.flows() > 0 && seen.oneWay() == seen.flows()) {
      return Finding.problem(
          "traffic",
          "every one of " + seen.flows() + " TCP flows on " + where
              + " was seen in one direction only",
          "a filter with src or dst, or a mirror port that copies one direction: let both through");
    }
    return Finding.ok(
        "traffic",
        seen.packets() + " packets, " + seen.flows() + " TCP flows on " + where + ", none lost");
  }

  private Finding data() throws IOException {
    Path existing = question.data().toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isWritable(existing)) {
      return Finding.problem(
          "data",
          question.data() + " cannot be written by this user",
          "name another folder with --data");
    }
    long free = Files.getFileStore(existing).getUsableSpace();
    return free < LEAST_DISK
        ? Finding.problem(
            "data",
            "only " + (free >> 20) + " MB free for " + question.data(),
            "make room, or name another folder with --data")
        : Finding.ok("data", question.data() + ", " + (free >> 30) + " GB free");
  }

  private Finding port() {
    Optional<RunFile> run = RunFile.read(question.data());
    if (run.isPresent()) {
      return Finding.ok("port", "Sidewire itself is at " + run.get().url());
    }
    return listeners.isListening(question.apiPort())
        ? Finding.problem(
            "port",
            "port " + question.apiPort() + " is taken"
                + listeners
                    .holder(question.apiPort())
                    .map(holder -> " by " + holder)
                    .orElse(""),
            "name another with --port")
        : Finding.ok("port", question.apiPort() + " is free");
  }

  private Finding broker() throws InterruptedException, ExecutionException, TimeoutException {
    if (question.kafka().isEmpty()) {
      return Finding.ok("broker", "the embedded one");
    }
    String kafka = question.kafka().get();
    if (Stream.of(kafka.split(",")).noneMatch(Doctor::accepts)) {
      return Finding.problem(
          "broker",
          "nothing accepts connections at " + kafka,
          "start it, or correct --kafka HOST:PORT; from another host: does it listen there, and does a firewall let it through?");
    }
    try (Admin admin = Brokers.admin(kafka)) {
      int nodes =
          admin.describeCluster().nodes().get(BROKER_SECONDS, TimeUnit.SECONDS).size();
      return Finding.ok("broker", kafka + " answers, " + nodes + " node" + (nodes == 1 ? "" : "s"));
    } catch (ExecutionException | TimeoutException e) {
      return Finding.problem(
          "broker",
          kafka + " accepts connections, but does not answer as a broker that this client may ask",
          "name a broker's client listener with --kafka HOST:PORT; one that asks for TLS or a password is for the services, with their kafka.… settings");
    }
  }

  private static boolean accepts(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    try (var socket = new Socket()) {
      var address = new InetSocketAddress(
          endpoint.substring(0, Math.max(0, colon)).replaceAll("[\\[\\]]", ""),
          Integer.parseInt(endpoint.substring(colon + 1).strip()));
      socket.connect(address, CONNECT_MILLIS);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      return false; // no port, no such host, nobody there: all the same to the reader
    }
  }

  /** What the running Sidewire says of itself and of its capture hosts. */
  private Finding running() {
    Optional<RunFile> run = RunFile.read(question.data());
    if (run.isEmpty()) {
      return Finding.note(
          "running",
          "no Sidewire runs on the data in " + question.data(),
          "start one: ./sidewire up");
    }
    var client =
        new ApiClient(run.get().url(), Optional.ofNullable(System.getenv("SIDEWIRE_API_TOKEN")));
    JsonNode hosts = client.get("/api/v1/hosts", Map.of("from", "-1m")).path("items");
    if (hosts.isEmpty()) {
      return Finding.problem(
          "running",
          "no capture has reported for a minute",
          "look at " + question.data().resolve("sidewire.log"));
    }
    for (JsonNode host : hosts) {
      String name = host.path("host").asText();
      if (!host.path("alerts").isEmpty()) {
        return Finding.problem(
            "running",
            name + ": " + host.path("alerts").get(0).asText(),
            "see hosts on the page at " + run.get().url());
      }
      long ahead = host.path("lastSeen").asLong() - System.currentTimeMillis() * 1000;
      if (!host.path("file").asBoolean() && ahead > MICROS_AHEAD) {
        return Finding.problem(
            "running",
            "the clock of " + name + " is " + ahead / 1_000_000 + " s ahead",
            "set the clocks of both hosts: timedatectl set-ntp true");
      }
      if (host.path("coverage").isNumber() && host.path("coverage").asDouble() < 1) {
        return Finding.note(
            "running",
            name + " lost packets: coverage " + host.path("coverage").asText(),
            "narrow the capture: --ports or --filter");
      }
    }
    return Finding.ok(
        "running",
        "pid " + run.get().pid() + " at " + run.get().url() + ", captures on "
            + run.get().capture() + keylogs(hosts));
  }

  /** Which captures read a key log: whoever asks must be told that TLS is being opened. */
  private static String keylogs(JsonNode hosts) {
    var reading = new TreeSet<String>();
    for (JsonNode host : hosts) {
      if (host.path("settings").path("keylog").asText("off").equals("on")) {
        reading.add(host.path("host").asText());
      }
    }
    return reading.isEmpty()
        ? "; no key log, TLS stays closed"
        : "; decrypts TLS with key logs on " + String.join(", ", reading);
  }
}
