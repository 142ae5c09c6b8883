package io.sidewire.rules;

/** A rules file that cannot be used; the message names file, line and fix. */
public final class RulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RulesException(String source, int line, String problem) {
    super(source + (line > 0 ? ", line " + line : "") + ": " + problem);
  }
}
