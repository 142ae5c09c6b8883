/**
 * Which flow is what: the rules file, its built-in defaults and the matcher.
 *
 * <p>{@code stream-processor} alone assigns flow types with it; {@code capture-producer} uses it only to decide which
 * names may leave a host in clear.
 */
package io.sidewire.rules;
