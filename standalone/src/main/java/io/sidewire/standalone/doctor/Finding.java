package io.sidewire.standalone.doctor;

/**
 * What one check found.
 *
 * @param check its name
 * @param fix what to do; null where nothing is wrong
 */
public record Finding(String check, Level level, String what, String fix) {
  /** How it stands. */
  public enum Level {
    OK,
    /** Works, but may explain why something is not seen. */
    NOTE,
    PROBLEM
  }

  static Finding ok(String check, String what) {
    return new Finding(check, Level.OK, what, null);
  }

  static Finding note(String check, String what, String fix) {
    return new Finding(check, Level.NOTE, what, fix);
  }

  static Finding problem(String check, String what, String fix) {
    return new Finding(check, Level.PROBLEM, what, fix);
  }
}
