package io.sidewire.processor.fold;

/**
 * Which exchange of which flow, and where an exchange has several parts, which of them. Ordered by exchange number and
 * part within a flow.
 *
 * @param number exchange number within the flow; a negative one is 0
 * @param part null where an exchange is one part
 */
public record PartKey(String flowId, long number, String part) implements Comparable<PartKey> {

  public PartKey {
    number = Math.max(0, number); // as in a text key
  }

  /* Written out: those that Java makes go through method handles, which the first compiler leaves slow. */

  @Override
  public boolean equals(Object other) {
    return other instanceof PartKey key
        && number == key.number
        && flowId.equals(key.flowId)
        && (part == null ? key.part == null : part.equals(key.part));
  }

  @Override
  public int hashCode() {
    return (flowId.hashCode() * 31 + Long.hashCode(number)) * 31
        + (part == null ? 0 : part.hashCode());
  }

  @Override
  public int compareTo(PartKey key) {
    int order = flowId.equals(key.flowId) ? 0 : flowId.compareTo(key.flowId);
    if (order == 0) {
      order = Long.compare(number, key.number);
    }
    return order != 0 || part == null ? order : part.compareTo(key.part);
  }
}
