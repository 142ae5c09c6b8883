package io.sidewire.processor.fold;

import io.sidewire.schemas.Volume;

/**
 * Volume that comes to a traffic row, or leaves it (negative) because its flow's type became known.
 *
 * @param window start of the window
 * @param label server name, else address:port; the reason for packets of no flow
 * @param flows flows opened
 * @param fresh packets that no row counted before
 * @param late fresh packets that came after the grace period
 */
public record VolumeChange(
    long window, String flowType, String label, Volume volume, long flows, long fresh, long late) {}
