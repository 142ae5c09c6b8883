/**
 * What may leave the host: the allow-list.
 *
 * <p>Rule 1: a string reaches a record only through the {@link io.sidewire.capture.redact.Sanitizer} that {@link
 * io.sidewire.capture.redact.AllowList} names for its field.
 *
 * <p>Rule 2: what is not known to be harmless is masked, hashed under the deployment key, or absent.
 *
 * <p>Rule 3: pure. No I/O, no clock, and no text of the wire in an exception or a log line.
 */
package io.sidewire.capture.redact;
