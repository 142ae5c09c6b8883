/** Server-sent events (WHATWG HTML, section 9.2), read from a stream of bytes without keeping their data. */
package io.sidewire.wire.sse;
