package io.sidewire.wire.tls;

/** Which HTTP is spoken inside, as far as the records tell. */
enum Http {
  /** HTTP/1.1: the client did not offer h2, or the server did not choose it. */
  ONE,
  /** HTTP/2: chosen in clear, or control frames of its sizes were seen. */
  TWO,
  /** Offered, and the answer is encrypted. */
  UNKNOWN
}
