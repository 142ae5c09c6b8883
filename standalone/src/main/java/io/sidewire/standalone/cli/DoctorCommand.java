package io.sidewire.standalone.cli;

import io.sidewire.capture.CaptureConfig;
import io.sidewire.capture.ConfigKey;
import io.sidewire.rules.Nearest;
import io.sidewire.standalone.Fault;
import io.sidewire.standalone.data.DataFolder;
import io.sidewire.standalone.doctor.Doctor;
import io.sidewire.standalone.doctor.Finding;
import io.sidewire.standalone.host.Listeners;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Why nothing, or not everything, is seen. */
@Command(
    name = "doctor",
    description =
        "Find out why nothing is seen: permission, interface, filter, broker, losses; each with its fix.")
public final class DoctorCommand implements Callable<Integer> {
  @Mixin
  private Common common;

  @Mixin
  private CaptureOptions capture;

  @Option(
      names = "--interface",
      paramLabel = "NAME",
      description = "Interface to look at (default: any).")
  private String networkInterface;

  @Option(names = "--filter", paramLabel = "BPF", description = "Capture filter to look at.")
  private String filter;

  @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Broker to look at.")
  private String kafka;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder (default: ~/.local/share/sidewire).")
  private Path data;

  @Option(
      names = "--port",
      defaultValue = "7420",
      paramLabel = "PORT",
      converter = ApiOptions.PortConverter.class,
      description = "Port of API and page (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--seconds",
      defaultValue = "2s",
      paramLabel = "TIME",
      description = "How long to capture for the proof (default: ${DEFAULT-VALUE}).")
  private String seconds;

  @Option(names = "--only", split = ",", paramLabel = "CHECK", description = "These checks only.")
  private List<String> only = List.of();

  private final Terminal terminal;

  public DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<ConfigKey<?>, String> settings = new LinkedHashMap<>();
    if (networkInterface != null) {
      settings.put(CaptureConfig.INTERFACE, networkInterface);
    }
    if (filter != null) {
      settings.put(CaptureConfig.FILTER, filter);
    }
    CaptureConfig config = capture.config(Map.of(), settings);
    var doctor = new Doctor(
        new Doctor.Question(
            config,
            singlePorts(config.get(CaptureConfig.PORTS)),
            Optional.ofNullable(kafka),
            data == null ? DataFolder.defaultPath(System.getenv()) : data,
            port,
            Units.option("--seconds", seconds)),
        new Listeners(Path.of("/proc")));
    List<Finding> findings = new ArrayList<>();
    for (String name : wanted(doctor.names())) {
      Finding finding = doctor.check(name);
      findings.add(finding);
      print(finding);
    }
    return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.PROBLEM)
        ? Fault.INPUT
        : 0;
  }

  private List<String> wanted(List<String> names) {
    for (String name : only) {
      if (!names.contains(name)) {
        throw new Fault(
            Fault.USAGE, "--only: no check is named " + name + Nearest.hint(name, names));
      }
    }
    return only.isEmpty() ? names : only;
  }

  private static List<Integer> singlePorts(List<String> ports) {
    return ports.stream()
        .filter(text -> text.matches("\\d+"))
        .map(Integer::valueOf)
        .toList();
  }

  private void print(Finding finding) {
    if (common.json) {
      var lines = new JsonLines(terminal.out());
      lines.line("finding", null, json -> {
        json.writeStringField("check", finding.check());
        json.writeStringField("level", finding.level().name().toLowerCase(Locale.ROOT));
        json.writeStringField("what", finding.what());
        json.writeStringField("fix", finding.fix());
      });
      lines.flush();
      return;
    }
    String mark =
        switch (finding.level()) {
          case OK -> terminal.paint("32", "ok     ");
          case NOTE -> terminal.paint("33", "note   ");
          case PROBLEM -> terminal.paint("31", "PROBLEM");
        };
    terminal
        .out()
        .println(mark + " " + String.format("%-10s", finding.check()) + " " + finding.what());
    if (finding.fix() != null) {
      terminal.out().println("                   → " + finding.fix());
    }
    terminal.out().flush();
  }
}
