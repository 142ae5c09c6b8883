package io.sidewire.query.store;

/**
 * What the writers share: where the unreadable goes, what removes the old, and who is told of the new.
 *
 * @param sums what a write makes out of date
 * @param caretaker whose turn a write waits for
 * @param news told of what arrived after {@code since}, not of what was there before
 * @param sinceMillis start of this replica
 */
record Upkeep(
    Quarantine quarantine,
    Sweeper sweeper,
    Sums sums,
    Caretaker caretaker,
    News news,
    long sinceMillis) {

  Upkeep(Quarantine quarantine, Sweeper sweeper, Sums sums, News news, long sinceMillis) {
    this(quarantine, sweeper, sums, new Caretaker(sweeper), news, sinceMillis);
  }

  boolean isNew(long arrivedMillis) {
    return arrivedMillis >= sinceMillis;
  }
}
