/**
 * Saved captures: what was captured, as files that Wireshark reads, masked by default.
 *
 * <p>The rule of this package: a payload byte reaches a file only where an allow-list knows what it is. What is not known
 * is replaced, in place and with the same length.
 */
package io.sidewire.capture.save;
