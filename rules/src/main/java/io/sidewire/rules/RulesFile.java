package io.sidewire.rules;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a rules file. It reads the tree of nodes instead of a map, since only nodes know their line and an error must
 * name it.
 */
final class RulesFile {
  private static final Set<String> TOP = Set.of("types", "rules", "built-in");
  private static final Set<String> TYPE = Set.of("title", "icon", "colour", "kind");
  private static final Set<String> RULE = Set.of(
      "type",
      "hosts",
      "ports",
      "cidrs",
      "paths",
      "alpn",
      "processes",
      "transports",
      "content",
      "unread",
      "confidence");
  private static final Set<String> CONTENT = Set.of(
      "tls",
      "http",
      "http2",
      "websocket",
      "mcp",
      "openai_api",
      "ollama_api",
      "anthropic_api",
      "google_api",
      "bedrock_api",
      "dns",
      "quic",
      "dtls");

  private final String source;
  private final Map<String, FlowType> types = new LinkedHashMap<>();
  private final List<Rule> rules = new ArrayList<>();

  private RulesFile(String source) {
    this.source = source;
  }

  /** @param below rules that come after those of the text, or null */
  static RulesFile parse(String source, String text, FlowTypeRules below) {
    var file = new RulesFile(source);
    file.read(file.compose(text), below);
    return file;
  }

  FlowTypeRules rules() {
    return new FlowTypeRules(types, rules);
  }

  private Node compose(String text) {
    try {
      return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new RulesException(source, line, "no valid YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw new RulesException(source, 0, "no valid YAML");
    }
  }

  private void read(Node root, FlowTypeRules below) {
    Map<String, Node> top = root == null ? Map.of() : fields(root, TOP, "rules file");
    if (below != null) {
      types.putAll(below.typesByName());
    }
    if (top.containsKey("types")) {
      fields(top.get("types"), null, "types")
          .forEach((name, node) -> types.put(name, type(name, node)));
    }
    if (below == null && !types.containsKey(FlowTypeRules.OTHER)) {
      throw new RulesException(source, 0, "the type other is missing");
    }
    if (top.containsKey("rules")) {
      for (Node node : items(top.get("rules"), "rules")) {
        rules.add(rule(node));
      }
    }
    boolean builtIn = !top.containsKey("built-in") || bool(top.get("built-in"), "built-in");
    if (below != null && builtIn) {
      rules.addAll(below.rules());
    }
  }

  private FlowType type(String name, Node node) {
    if (!name.matches("[a-z][a-z0-9_]{0,39}")) {
      throw at(node, "a type is named in lower case letters, digits and _, not " + name);
    }
    Map<String, Node> fields = fields(node, TYPE, "type " + name);
    String colour = fields.containsKey("colour") ? text(fields.get("colour"), "colour") : "#a8b0bb";
    if (!colour.matches("#[0-9a-fA-F]{6}")) {
      throw at(fields.get("colour"), "colour is written as #rrggbb in quotes, not " + colour);
    }
    String title = fields.containsKey("title") ? text(fields.get("title"), "title") : name;
    String icon = fields.containsKey("icon") ? text(fields.get("icon"), "icon") : "▫️";
    return new FlowType(name, title, icon, colour, kind(fields.get("kind")));
  }

  private FlowType.Kind kind(Node node) {
    if (node == null) {
      return FlowType.Kind.OTHER;
    }
    String kind = text(node, "kind");
    return switch (kind) {
      case "model" -> FlowType.Kind.MODEL;
      case "tool" -> FlowType.Kind.TOOL;
      case "other" -> FlowType.Kind.OTHER;
      default ->
        throw at(node, "no kind " + kind + Nearest.hint(kind, List.of("model", "tool", "other")));
    };
  }

  private Rule rule(Node node) {
    Map<String, Node> fields = fields(node, RULE, "rule");
    if (!fields.containsKey("type")) {
      throw at(node, "a rule needs its type");
    }
    String type = text(fields.get("type"), "type");
    if (!types.containsKey(type)) {
      throw at(
          fields.get("type"),
          "no type " + type + Nearest.hint(type, types.keySet()) + " (or add it under types)");
    }
    return new Rule(
        type,
        list(fields.get("hosts"), "hosts", HostGlob::new),
        new HashSet<>(list(fields.get("ports"), "ports", RulesFile::port)),
        list(fields.get("cidrs"), "cidrs", CidrRange::new),
        list(fields.get("paths"), "paths", Function.identity()),
        new LinkedHashSet<>(list(fields.get("alpn"), "alpn", Function.identity())),
        list(fields.get("processes"), "processes", HostGlob::new),
        new HashSet<>(
            list(fields.get("transports"), "transports", text -> text.toLowerCase(Locale.ROOT))),
        new HashSet<>(list(fields.get("content"), "content", RulesFile::content)),
        fields.containsKey("unread") && bool(fields.get("unread"), "unread"),
        confidence(fields.get("confidence")));
  }

  private static int port(String text) {
    int port = Integer.parseInt(text);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("no port: " + text);
    }
    return port;
  }

  private static String content(String text) {
    if (!CONTENT.contains(text)) {
      throw new IllegalArgumentException("no content " + text + Nearest.hint(text, CONTENT));
    }
    return text;
  }

  private double confidence(Node node) {
    if (node == null) {
      return 1;
    }
    String text = text(node, "confidence");
    try {
      double value = Double.parseDouble(text);
      if (value >= 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      // answered below, as any other text
    }
    throw at(node, "confidence is a number from 0 to 1, not " + text);
  }

  private boolean bool(Node node, String what) {
    String text = text(node, what);
    if (!text.equals("true") && !text.equals("false")) {
      throw at(node, what + " is true or false, not " + text);
    }
    return text.equals("true");
  }

  private <T> List<T> list(Node node, String what, Function<String, T> read) {
    if (node == null) {
      return List.of();
    }
    var out = new ArrayList<T>();
    List<Node> nodes = node instanceof ScalarNode ? List.of(node) : items(node, what);
    for (Node item : nodes) {
      String text = text(item, what);
      try {
        out.add(read.apply(text));
      } catch (NumberFormatException e) {
        throw at(item, what + " holds numbers, not " + text);
      } catch (IllegalArgumentException e) {
        throw at(item, what + ": " + e.getMessage());
      }
    }
    if (out.isEmpty()) {
      throw at(node, what + " is empty; leave it out to match anything");
    }
    return List.copyOf(out);
  }

  private Map<String, Node> fields(Node node, Set<String> known, String what) {
    if (!(node instanceof MappingNode mapping)) {
      throw at(node, what + " must be a list of name: value");
    }
    var fields = new LinkedHashMap<String, Node>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = text(tuple.getKeyNode(), "a name");
      if (known != null && !known.contains(name)) {
        throw at(tuple.getKeyNode(), what + " has no field " + name + Nearest.hint(name, known));
      }
      if (fields.put(name, tuple.getValueNode()) != null) {
        throw at(tuple.getKeyNode(), name + " is given twice; merge the two");
      }
    }
    return fields;
  }

  private List<Node> items(Node node, String what) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw at(node, what + " must be a list: [a, b], or a line with - for each");
  }

  private String text(Node node, String what) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw at(node, what + " must be one value");
  }

  private RulesException at(Node node, String problem) {
    return new RulesException(source, node.getStartMark().getLine() + 1, problem);
  }
}
