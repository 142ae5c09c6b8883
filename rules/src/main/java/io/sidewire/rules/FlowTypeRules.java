package io.sidewire.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The flow types and the rules that assign them: the first rule whose conditions all hold wins. */
public final class FlowTypeRules {
  /** Assigned where no rule matches. */
  public static final String OTHER = "other";

  private static final String BUILT_IN = "flow-types.yaml";

  private final Map<String, FlowType> types;
  private final List<Rule> rules;
  private final FlowType other;

  FlowTypeRules(Map<String, FlowType> types, List<Rule> rules) {
    this.types = Map.copyOf(types);
    this.rules = List.copyOf(rules);
    this.other = types.get(OTHER);
  }

  /** The defaults that Sidewire ships with. */
  public static FlowTypeRules builtIn() {
    return RulesFile.parse("built-in rules", builtInText(), null).rules();
  }

  /**
   * A rules file before the defaults.
   *
   * @throws RulesException where it is wrong, naming line and fix
   */
  public static FlowTypeRules load(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new RulesException(file.toString(), 0, "cannot be read: there is no such file");
    } catch (IOException e) {
      throw new RulesException(
          file.toString(), 0, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  static FlowTypeRules parse(String source, String text) {
    return RulesFile.parse(source, text, builtIn()).rules();
  }

  /** The text of the defaults: a start for a file of one's own. */
  public static String builtInText() {
    try (InputStream in = FlowTypeRules.class.getResourceAsStream(BUILT_IN)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The type of a flow of which these facts are known. */
  public Match match(Facts facts) {
    List<String> names = facts.names().isEmpty() ? List.of() : normalized(facts.names());
    Facts seen = facts.processes().isEmpty() ? facts : lowerCaseProcesses(facts);
    for (Rule rule : rules) {
      if (rule.matches(seen, names)) {
        return new Match(types.get(rule.type()), rule.confidence(), rule.basis());
      }
    }
    return new Match(other, 0, Match.Basis.OTHER);
  }

  /** The type of that name, or {@code other} where the rules know none. */
  public FlowType type(String name) {
    return types.getOrDefault(name, other);
  }

  /** All types, by name. */
  public Collection<FlowType> types() {
    return types.values().stream()
        .sorted(java.util.Comparator.comparing(FlowType::name))
        .toList();
  }

  /** True where a host name belongs to a model endpoint or tool server: such a name may leave a host in clear. */
  public boolean isAgentName(String host) {
    if (host == null || host.isEmpty()) {
      return false;
    }
    List<String> names = List.of(HostGlob.normalize(host));
    for (Rule rule : rules) {
      if (isAgent(rule.type()) && !rule.hosts().isEmpty()) {
        for (HostGlob glob : rule.hosts()) {
          if (glob.matches(names.get(0))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * Names of the flow types that a mode shows: azure, llm, mcp or all.
   *
   * @throws IllegalArgumentException for another mode, naming those there are
   */
  public Set<String> typesOfMode(String mode) {
    return switch (mode.toLowerCase(Locale.ROOT)) {
      case "azure" -> Set.of("azure_openai");
      case "llm" -> names(FlowType.Kind.MODEL);
      case "mcp" -> names(FlowType.Kind.TOOL);
      case "all" -> Set.copyOf(types.keySet());
      default ->
        throw new IllegalArgumentException(
            "no mode " + mode + Nearest.hint(mode, List.of("azure", "llm", "mcp", "all")));
    };
  }

  /** Server ports that any rule names, for hints to a capture. */
  public Set<Integer> hintedPorts() {
    return rules.stream()
        .flatMap(rule -> rule.ports().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  Map<String, FlowType> typesByName() {
    return new LinkedHashMap<>(types);
  }

  List<Rule> rules() {
    return rules;
  }

  private boolean isAgent(String type) {
    return types.get(type).kind() != FlowType.Kind.OTHER;
  }

  private Set<String> names(FlowType.Kind kind) {
    return types.values().stream()
        .filter(type -> type.kind() == kind)
        .map(FlowType::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<String> normalized(List<String> names) {
    var out = new ArrayList<String>(names.size());
    for (String name : names) {
      out.add(HostGlob.normalize(name));
    }
    return out;
  }

  private static Facts lowerCaseProcesses(Facts facts) {
    List<String> processes =
        facts.processes().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    return new Facts(
        facts.transport(),
        facts.serverAddress(),
        facts.serverPort(),
        facts.names(),
        facts.path(),
        facts.alpn(),
        processes,
        facts.content());
  }
}
