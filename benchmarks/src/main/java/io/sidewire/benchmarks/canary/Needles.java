package io.sidewire.benchmarks.canary;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Secrets in all the forms in which they could turn up, and the search for them in bytes. */
final class Needles {
  /** A half as long as this cannot be chance. */
  private static final int LEAST_HALF = 12;

  /** Offsets of a text within what is coded as base64, three bytes at a time. */
  private static final int ALIGNMENTS = 3;

  private record Needle(byte[] bytes, String secret, String form) {}

  /** By their first two bytes, so that one pass finds them all. */
  private final Map<Integer, List<Needle>> byStart = new LinkedHashMap<>();

  private final Map<String, Set<String>> found = new LinkedHashMap<>();
  private int forms;
  private long looked;

  /** Reads secrets, one a line; lines that begin with # are none. */
  static Needles of(Path file) throws IOException {
    var needles = new Needles();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        needles.addAll(line.strip());
      }
    }
    return needles;
  }

  private void addAll(String secret) {
    add(secret, secret, "plain");
    add(secret, URLEncoder.encode(secret, StandardCharsets.UTF_8), "url");
    add(secret, URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"), "url");
    add(secret, secret.replace("/", "\\/"), "json");
    add(secret, escaped(secret), "json");
    int half = secret.length() / 2;
    if (half >= LEAST_HALF) {
      add(secret, secret.substring(0, half), "first half");
      add(secret, secret.substring(half), "second half");
    }
    for (int shift = 0; shift < ALIGNMENTS; shift++) {
      for (String coded : List.of(
          base64(Base64.getEncoder(), secret, shift),
          base64(Base64.getUrlEncoder(), secret, shift))) {
        add(secret, coded, "base64");
      }
    }
    var hex = new StringBuilder();
    for (byte b : secret.getBytes(StandardCharsets.UTF_8)) {
      hex.append(String.format("%02x", b));
    }
    add(secret, hex.toString(), "hex");
  }

  private static String escaped(String secret) {
    var out = new StringBuilder();
    for (char c : secret.toCharArray()) {
      out.append(Character.isLetterOrDigit(c) ? "" + c : String.format("\\u%04x", (int) c));
    }
    return out.toString();
  }

  /** What surely stands in the middle, whatever comes before and after. */
  private static String base64(Base64.Encoder encoder, String secret, int shift) {
    String coded = encoder
        .withoutPadding()
        .encodeToString(("\0".repeat(shift) + secret).getBytes(StandardCharsets.UTF_8));
    int end = coded.length() - (secret.length() + shift) % ALIGNMENTS;
    return coded.substring(shift == 0 ? 0 : shift + 1, Math.max(shift + 1, end));
  }

  private void add(String secret, String form, String name) {
    byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
    List<Needle> same = byStart.computeIfAbsent(start(bytes, 0), key -> new ArrayList<>());
    if (same.stream().noneMatch(needle -> java.util.Arrays.equals(needle.bytes, bytes))) {
      same.add(new Needle(bytes, secret, name));
      forms++;
    }
  }

  /** Looks for every form. {@code where} is said of what is found. */
  synchronized void look(String where, byte[] bytes) {
    looked += bytes.length;
    for (int i = 0; i + 1 < bytes.length; i++) {
      List<Needle> candidates = byStart.get(start(bytes, i));
      if (candidates != null) {
        for (Needle needle : candidates) {
          int end = i + needle.bytes.length;
          if (end <= bytes.length
              && java.util.Arrays.equals(bytes, i, end, needle.bytes, 0, needle.bytes.length)) {
            found
                .computeIfAbsent(where, key -> new LinkedHashSet<>())
                .add(needle.form + " of " + needle.secret);
          }
        }
      }
    }
  }

  private static int start(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  /** What was found, by where. */
  Map<String, Set<String>> found() {
    return found;
  }

  int forms() {
    return forms;
  }

  long looked() {
    return looked;
  }
}
