package io.sidewire.capture.save;

/** Takes note of what was zeroed, for the list beside the file. */
interface ZeroedParts {
  /** Why a part has zeros. */
  enum Why {
    COMPRESSED,
    HPACK,
    UNKNOWN,
    GAP
  }

  /** The same for one flow and direction. */
  @FunctionalInterface
  interface Flow {
    /** From here on, up to the end of a message or of what can be followed. */
    void part(Why why);
  }
}
