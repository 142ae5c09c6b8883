/**
 * WebSocket (RFC 6455) as a bystander sees it, and the model APIs that speak over it.
 *
 * <pre>
 * bytes ─ MessageReader (one a direction) ─ messages ─ JSON ─ RealtimeConnection ─→ observations
 * </pre>
 *
 * <p>Nothing of what is no JSON object is kept. Compressed messages are counted and not read.
 */
package io.sidewire.wire.websocket;
