/**
 * Packet decoding, TCP reassembly, protocol parsers and flow analysis.
 *
 * <p>Rule 1: bytes and packet time in, observations out; no I/O, clock, thread or logger.
 *
 * <p>Rule 2: no input may throw, hang or grow without bound; what cannot be read is LOST or REFUSED with a reason, and
 * every cap stands in {@link io.sidewire.wire.Limits}.
 *
 * <p>Rule 3: the answer never depends on where the bytes were cut.
 */
package io.sidewire.wire;
