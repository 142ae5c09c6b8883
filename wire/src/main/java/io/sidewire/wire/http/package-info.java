/**
 * HTTP/1.x (RFC 9112) as a bystander sees it: both directions, with loss.
 *
 * <pre>
 * bytes ─ LineReader ─ HttpParser (one a direction) ─ heads ─ Framing
 *                          │                            │
 *                          └─ body ─ bodies ─ JSON, events   Pairing ─ HttpConnection ─→ observations
 * </pre>
 *
 * <p>The parser of a direction knows the grammar and nothing of the other direction; {@code HttpConnection} tells it how
 * an answer is framed, because that depends on the request. A gap is an event: inside a body of known length it is
 * skipped, else the message is given up and the next plausible start line is looked for.
 */
package io.sidewire.wire.http;
