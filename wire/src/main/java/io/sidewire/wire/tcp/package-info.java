/**
 * TCP segments in, both directions' bytes in order out.
 *
 * <p>Rule 1: all arithmetic modulo 2^32 is in {@link io.sidewire.wire.tcp.SeqNum}.
 *
 * <p>Rule 2: a byte is delivered at most once, and never before a byte of its direction with a lower number, unless the
 * bytes between were announced as a gap.
 *
 * <p>Rule 3: an answer is never delivered before the bytes that it acknowledges, unless those were announced as a gap.
 *
 * <p>Rule 4: what is kept is bounded by {@link io.sidewire.wire.Limits}; waiting is bounded by packet time.
 */
package io.sidewire.wire.tcp;
