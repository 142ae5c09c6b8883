package io.sidewire.processor.fold;

import io.sidewire.schemas.Tick;

/**
 * What a tick, and the admission of batches since the last one, say of a capture's health.
 *
 * @param tick null where the epoch was swept
 * @param missing batches that never came
 * @param duplicates batches that came again
 * @param liveEpochs epochs of this host and shard that are alive at once
 */
public record HealthChange(Tick tick, long missing, long duplicates, int liveEpochs) {}
