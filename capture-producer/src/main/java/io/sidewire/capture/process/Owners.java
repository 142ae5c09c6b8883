package io.sidewire.capture.process;

/** The local processes at both ends of a flow; either is null where it is not known, or on another host. */
record Owners(LocalProcess client, LocalProcess server) {
  static final Owners NONE = new Owners(null, null);
}
