/**
 * The fault test: a small fleet of separate JVMs whose members are killed at random moments, and whose results are then
 * compared with what the same captures give without any of them.
 */
package io.sidewire.benchmarks.faults;
