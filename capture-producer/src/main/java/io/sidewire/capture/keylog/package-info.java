/**
 * Key logs that applications write about their own TLS connections: read, followed as they grow, kept in memory only.
 *
 * <p>No secret, and no line that may hold one, is logged, published or saved.
 */
package io.sidewire.capture.keylog;
