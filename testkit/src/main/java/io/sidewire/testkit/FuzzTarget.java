package io.sidewire.testkit;

import java.util.List;

/**
 * An entry of the program that takes bytes from strangers, with what must hold for any of them. Bytes are accepted or
 * refused; whatever else happens is a finding.
 *
 * <p>A target has a constructor without parameters and no state between runs.
 */
public interface FuzzTarget {
  /** Inputs that reach deep; small ones, made here. Inputs of past findings lie in {@code fuzz/NAME} on the class path. */
  List<byte[]> seeds();

  /** Takes one input; throws where something does not hold. */
  void run(byte[] input) throws Exception;
}
