/** Services that read the topics, each in one file; {@code ./sidewire test examples} runs them. */
package io.sidewire.examples;
