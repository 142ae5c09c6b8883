/**
 * Prometheus metrics of what is seen: OpenTelemetry's names where the facts were read, {@code sidewire_*} elsewhere.
 * Nothing that was only inferred ever stands under {@code gen_ai}.
 */
package io.sidewire.query.metrics;
