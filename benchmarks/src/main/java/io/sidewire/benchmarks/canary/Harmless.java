package io.sidewire.benchmarks.canary;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Texts that a person or a program reads, after names that would do harm there were on the wire. */
final class Harmless {
  /** Colours, and what {@code top} moves the cursor and clears with. */
  private static final Pattern OWN_ESCAPES =
      Pattern.compile("\u001b\\[(?:[0-9;]*m|[0-9;]*[HJK]|\\?25[hl]|\\?1049[hl])");

  private static final Pattern HARMFUL = Pattern.compile(
      "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\u202e\u2028]|<hostile-mark|<img src=x|(?m)^hostile\\{");

  private static final int LONGEST_NAME = 1_000;

  private final Path folder;

  Harmless(Path folder) {
    this.folder = folder;
  }

  boolean holds() throws IOException {
    boolean good = true;
    boolean named = false;
    for (String name : List.of(
        "tail.out",
        "top.out",
        "stats.out",
        "stream.out",
        "metrics.out",
        "up.out",
        "up.err",
        "data/sidewire.log")) {
      Path file = folder.resolve(name);
      if (!Files.exists(file)) {
        continue;
      }
      byte[] bytes = Files.readAllBytes(file);
      String text = new String(bytes, StandardCharsets.UTF_8);
      String shown = OWN_ESCAPES.matcher(text).replaceAll("");
      var harm = HARMFUL.matcher(shown);
      good &= Live.say(
          isUtf8(bytes) && !harm.find() && !shown.contains("HOSTILE".repeat(LONGEST_NAME / 7)),
          "harmless: " + name + ", " + bytes.length + " bytes");
      named |= text.contains("HOSTILE");
    }
    return good & Live.say(named, "names that would do harm were on the wire");
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
