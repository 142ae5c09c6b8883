package io.sidewire.query.store;

import io.sidewire.schemas.WireFormat;

/**
 * What the writers share: where the unreadable goes, what removes the old, and who is told of the new.
 *
 * @param sums what a write makes out of date
 * @param caretaker whose turn a write waits for
 * @param news told of what arrived after {@code since}, not of what was there before
 * @param sinceMillis start of this replica
 * @param wire how values stand on the topics
 */
record Upkeep(
    Quarantine quarantine,
    Sweeper sweeper,
    Sums sums,
    Caretaker caretaker,
    News news,
    long sinceMillis,
    WireFormat wire) {

  /** @param wire how values stand on the topics */
  Upkeep(
      Quarantine quarantine,
      Sweeper sweeper,
      Sums sums,
      News news,
      long sinceMillis,
      WireFormat wire) {
    this(quarantine, sweeper, sums, new Caretaker(sweeper), news, sinceMillis, wire);
  }

  Upkeep(Quarantine quarantine, Sweeper sweeper, Sums sums, News news, long sinceMillis) {
    this(quarantine, sweeper, sums, news, sinceMillis, WireFormat.SINGLE_OBJECT);
  }

  boolean isNew(long arrivedMillis) {
    return arrivedMillis >= sinceMillis;
  }
}
