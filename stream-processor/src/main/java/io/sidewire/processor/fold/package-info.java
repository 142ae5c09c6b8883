/**
 * What the processor computes, without Kafka: folds over batches of packets, with time and state as arguments.
 *
 * <p>Rule 1: a fold owns no clock; time comes from the batches and from the ticks of their capture.
 *
 * <p>Rule 2: all state is in {@link io.sidewire.processor.fold.StateMap}s, so that what Kafka Streams restores is all
 * there is.
 *
 * <p>Rule 3: the rows at the end never depend on where a capture cut its batches.
 */
package io.sidewire.processor.fold;
