/** The folds as processors of the topology: stores under them, events between them, Kafka around them. */
package io.sidewire.processor.step;
