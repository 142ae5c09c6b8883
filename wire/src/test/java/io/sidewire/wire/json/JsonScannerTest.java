package io.sidewire.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sidewire.testkit.EverySplit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scanner against the grammar, and against Jackson's blocking parser as the model. */
class JsonScannerTest {

  private static final class Tokens implements JsonScanner.Sink {
    private final List<String> seen = new ArrayList<>();
    private final int wanted;

    Tokens(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public void startObject() {
      seen.add("{");
    }

    @Override
    public void endObject() {
      seen.add("}");
    }

    @Override
    public void startArray() {
      seen.add("[");
    }

    @Override
    public void endArray() {
      seen.add("]");
    }

    @Override
    public void name(byte[] text, int length, boolean cut) {
      seen.add("name " + new String(text, 0, length, StandardCharsets.UTF_8) + (cut ? "…" : ""));
    }

    @Override
    public int wanted() {
      return wanted;
    }

    @Override
    public void string(byte[] text, int length, boolean empty) {
      seen.add(
          "text " + new String(text, 0, length, StandardCharsets.UTF_8) + (empty ? " empty" : ""));
    }

    @Override
    public void number(byte[] text, int length) {
      seen.add("number " + new String(text, 0, length, StandardCharsets.UTF_8));
    }

    @Override
    public void bool(boolean value) {
      seen.add(String.valueOf(value));
    }

    @Override
    public void nul() {
      seen.add("null");
    }

    @Override
    public void endText() {
      seen.add(".");
    }
  }

  private static List<String> scan(List<byte[]> pieces, int depth, int wanted) {
    Tokens tokens = new Tokens(wanted);
    JsonScanner scanner = new JsonScanner(depth, tokens);
    for (byte[] piece : pieces) {
      scanner.feed(piece, 0, piece.length);
    }
    scanner.finish();
    tokens.seen.add(
        scanner.failure() != null ? scanner.failure().name() : scanner.idle() ? "done" : "more");
    return tokens.seen;
  }

  private static List<String> scan(String text) {
    return EverySplit.assertSame(
        text.getBytes(StandardCharsets.UTF_8), pieces -> scan(pieces, 16, 100));
  }

  @Test
  void allKindsOfValues() {
    assertThat(scan("{\"a\":[1,-2.5e+3,true,false,null,\"x\"],\"b\":{}} [] 7"))
        .containsExactly(
            "{",
            "name a",
            "[",
            "number 1",
            "number -2.5e+3",
            "true",
            "false",
            "null",
            "text x",
            "]",
            "name b",
            "{",
            "}",
            "}",
            ".",
            "[",
            "]",
            ".",
            "number 7",
            ".",
            "done");
  }

  @Test
  void escapes() {
    assertThat(scan("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é😀\"]"))
        .contains("text \"\\/\b\f\n\r\té😀é😀");
    assertThat(scan("[\"\\ud83dx\", \"\\ude00\", \"\\ud83d\\ud83d\\ude00\"]"))
        .contains("text ?x", "text ?", "text ?😀");
    assertThat(scan("[\"\"]")).contains("text  empty");
  }

  @Test
  void whatIsNotWantedIsNotKept() {
    byte[] wire =
        "{\"a\":\"0123456789\",\"b\":\"\\u00e9\\u00e9\"}".getBytes(StandardCharsets.UTF_8);
    List<String> three = EverySplit.assertSame(wire, pieces -> scan(pieces, 16, 3));
    assertThat(three).contains("text 012", "text é");
    List<String> none = EverySplit.assertSame(wire, pieces -> scan(pieces, 16, 0));
    assertThat(none).contains("text ");
    String name = "n".repeat(65);
    assertThat(scan("{\"" + name + "\":1}")).contains("name " + "n".repeat(64) + "…");
  }

  @Test
  void whatIsNoJson() {
    for (String bad : List.of(
        "{",
        "}",
        "{a:1}",
        "{\"a\"1}",
        "{\"a\":1,}",
        "[1,]",
        "[1 2]",
        "01",
        "-",
        "1.",
        "1e",
        "+1",
        ".5",
        "tru",
        "truE",
        "nul",
        "\"\u0001\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "[\"a]",
        "{\"a\":1]",
        "[1}",
        "\ufeffx",
        "[NaN]")) {
      List<String> seen = scan(bad);
      assertThat(seen.get(seen.size() - 1)).as(bad).isIn("INVALID", "more");
    }
    assertThat(scan("\ufeff{}")).endsWith("done");
  }

  @Test
  void depthUpToTheLimit() {
    assertThat(scan("[".repeat(16) + "]".repeat(16))).endsWith(".", "done");
    assertThat(scan("[".repeat(17))).endsWith("TOO_DEEP");
  }

  @Test
  void readsWhatJacksonReads() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      write(random, text, 0);
      if (random.nextInt(3) == 0 && text.length() > 0) { // broken somewhere
        text.setCharAt(random.nextInt(text.length()), "{}[],:\"\\ex1.-".charAt(random.nextInt(13)));
      }
      byte[] wire = text.toString().getBytes(StandardCharsets.UTF_8);
      List<String> model = jackson(wire);
      List<String> ours = scan(EverySplit.random(wire, random), 100, 1000);
      ours.removeIf("."::equals);
      // Where a text breaks, the two may notice it some tokens apart.
      int agreed = Math.max(0, Math.min(model.size() - 2, ours.size() - 1));
      assertThat(ours.subList(0, agreed)).as(text.toString()).isEqualTo(model.subList(0, agreed));
      assertThat(ours.get(ours.size() - 1).equals("done"))
          .as(text.toString())
          .isEqualTo(model.get(model.size() - 1).equals("done"));
    }
  }

  private static List<String> jackson(byte[] wire) throws IOException {
    List<String> seen = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(wire)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        seen.add(
            switch (token) {
              case FIELD_NAME -> "name " + parser.currentName();
              case VALUE_STRING -> {
                String text = parser.getText();
                yield "text " + text + (text.isEmpty() ? " empty" : "");
              }
              case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number " + parser.getText();
              default -> token.asString();
            });
      }
      seen.add("done");
    } catch (IOException invalid) {
      seen.add("INVALID");
    }
    return seen;
  }

  private static void write(Random random, StringBuilder out, int depth) {
    switch (random.nextInt(depth > 4 ? 4 : 6)) {
      case 0 ->
        out.append(random.nextInt(3) == 0 ? random.nextInt(1000) - 500 : random.nextDouble());
      case 1 -> text(random, out);
      case 2 -> out.append(random.nextBoolean());
      case 3 -> out.append("null");
      case 4 -> {
        out.append('[');
        for (int i = random.nextInt(4); i > 0; i--) {
          write(random, out, depth + 1);
          out.append(i > 1 ? "," : "");
        }
        out.append(random.nextInt(4) == 0 ? " ]" : "]");
      }
      default -> {
        out.append('{');
        for (int i = random.nextInt(4); i > 0; i--) {
          text(random, out);
          out.append(random.nextInt(4) == 0 ? " : " : ":");
          write(random, out, depth + 1);
          out.append(i > 1 ? ",\n" : "");
        }
        out.append('}');
      }
    }
  }

  private static void text(Random random, StringBuilder out) {
    out.append('"');
    for (int i = random.nextInt(6); i > 0; i--) {
      out.append(
          switch (random.nextInt(6)) {
            case 0 -> "\\n";
            case 1 -> "\\u00e9";
            case 2 -> "é";
            case 3 -> "ß";
            case 4 -> "\\\"";
            default -> String.valueOf((char) ('a' + random.nextInt(26)));
          });
    }
    out.append('"');
  }
}
