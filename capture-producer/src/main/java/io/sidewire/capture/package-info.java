/**
 * Capture: packets of a live interface or of capture files to {@code PacketBatch} records on Kafka.
 *
 * <p>Read {@link io.sidewire.capture.CapturePipeline} first: it is the whole path on one screen.
 *
 * <p>Rule 1: the capture thread copies and counts; it never parses and never waits for Kafka in a live capture.
 *
 * <p>Rule 2: every frame is in a batch, or in a counter that says why it is not.
 *
 * <p>Rule 3: nothing of a packet but what {@code redact} lets pass leaves this package; no log line and no exception
 * carries payload.
 */
package io.sidewire.capture;
