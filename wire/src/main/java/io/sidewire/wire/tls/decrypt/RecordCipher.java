package io.sidewire.wire.tls.decrypt;

/** One direction's protection under one key. */
interface RecordCipher {
  /**
   * Opens the record that was sent with that sequence number.
   *
   * @param body without the record's header; {@code out} has room for all of it
   * @return bytes of plaintext, for TLS 1.3 with inner type and padding; -1 where the tag does not verify
   */
  int open(int type, int version, byte[] body, int length, long sequence, byte[] out);

  /** Bytes of a record's body before the first that holds plaintext. */
  int lead();

  /** What a record's body is longer than its plaintext, at least. */
  int overhead();

  /** The part of the nonce that the record carries itself; -1 where there is none. */
  long explicitNonce(byte[] body, int length);
}
