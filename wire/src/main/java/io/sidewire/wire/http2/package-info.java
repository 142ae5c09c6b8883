/**
 * HTTP/2 (RFC 9113, RFC 7541) as a bystander sees it: both directions, with loss.
 *
 * <pre>
 * bytes ─ FrameReader (one a direction) ─ frames ─ HeaderBlocks ─ HeaderReader
 *             │                                        │
 *             └─ bodies ──────────────────── Http2Connection: streams ─→ io.sidewire.wire.http ─→ observations
 * </pre>
 *
 * <p>What is inside an exchange is read as in HTTP/1. A gap inside the payload of a frame is skipped; behind any other
 * the next frame is looked for, and the header table of that direction is no longer known.
 */
package io.sidewire.wire.http2;
