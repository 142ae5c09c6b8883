/** Looks for the made-up secrets of {@code testdata/agents} in everything that Sidewire writes and answers. */
package io.sidewire.benchmarks.canary;
