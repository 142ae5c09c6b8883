package io.sidewire.capture.redact;

import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of a prompt or an answer may stand on a console: its plain words. It cannot know what a word means; "the code is
 * swordfish" is cut at "code", and "the animal is swordfish" is not. So it is no redaction as that of what leaves the
 * host, and its result must not leave it.
 */
public final class PreviewText {
  static final String MASK = "…";

  private static final int LONGEST_WORD = 20;

  /** Controls, escapes, marks that turn the direction of writing, line breaks, and what no font has. */
  private static final Pattern NO_CHARACTER = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]+");

  private static final Pattern NO_LETTERS = Pattern.compile("\\P{L}+");

  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");

  /** Letters of any language with marks between, as words of prose have them; quotes and punctuation around. */
  private static final Pattern PROSE =
      Pattern.compile("[\\p{Ps}\\p{Pi}\"'¿¡*_`-]*[\\p{L}\\p{M}]+([’'-][\\p{L}\\p{M}]+)?"
          + "[\\p{Pe}\\p{Pf}\"'.,;:!?…*_`-]*|\\p{P}{1,3}|\\p{So}\\p{M}*");

  /** Behind a word with one of these in it comes what nobody else should read. */
  private static final Pattern SECRET_NEXT = Pattern.compile(
      ".*(token|passw|passphrase|passcode|secret|bearer"
          + "|credential|authori[sz]ation|apikey|kennwort|passwort|geheim|schlüssel|contraseña|motdepasse|senha).*");

  /** The same of these, which other words have in them too. */
  private static final Set<String> SECRET_NEXT_WORDS = Set.of(
      "key", "keys", "pin", "pins", "pwd", "pass", "auth", "otp", "code", "codes", "cookie",
      "cookies", "basic", "login", "logins", "session", "iban", "ssn", "cvv", "cvc", "card");

  private PreviewText() {}

  /**
   * Cleans a text.
   *
   * @param cut the text went on behind its last character: the last word is not whole, and is masked
   */
  public static String of(String text, boolean cut) {
    String bare = SPACES
        .matcher(NO_CHARACTER.matcher(text).replaceAll(" "))
        .replaceAll(" ")
        .strip();
    if (bare.isEmpty()) {
      return "";
    }
    String[] words = bare.split(" ");
    var out = new StringJoiner(" ");
    boolean masked = false;
    for (int i = 0; i < words.length; i++) {
      boolean whole = !cut || i < words.length - 1;
      boolean plain = whole && isPlain(words[i]);
      if (plain || !masked) {
        out.add(plain ? words[i] : MASK);
      }
      masked = !plain;
      // Also where the word itself is masked: "API_KEY: swordfish".
      if (announcesSecret(words[i])) {
        boolean more = plain && (cut || i < words.length - 1);
        return more ? out.add(MASK).toString() : out.toString();
      }
    }
    return out.toString();
  }

  private static boolean isPlain(String word) {
    return word.length() <= LONGEST_WORD
        && PROSE.matcher(word).matches()
        && !PathMask.looksRandom(word);
  }

  private static boolean announcesSecret(String word) {
    String[] parts = NO_LETTERS.split(word.toLowerCase(Locale.ROOT));
    return SECRET_NEXT.matcher(String.join("", parts)).matches()
        || Stream.of(parts).anyMatch(SECRET_NEXT_WORDS::contains);
  }
}
