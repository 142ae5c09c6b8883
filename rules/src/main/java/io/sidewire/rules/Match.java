package io.sidewire.rules;

/**
 * The type that the rules give a flow.
 *
 * @param confidence 1: sure; below: open to better evidence
 * @param basis what the rule looked at
 */
public record Match(FlowType type, double confidence, Basis basis) {

  /** The strongest condition of the rule that matched. */
  public enum Basis {
    CONTENT,
    NAME,
    OTHER
  }

  /** True where no later evidence can change the answer. */
  public boolean settled() {
    return confidence >= 1;
  }
}
