package io.sidewire.query.store;

/**
 * What the writers share: where the unreadable goes, what removes the old, and who is told of the new.
 *
 * @param news told of what arrived after {@code since}, not of what was there before
 * @param sinceMillis start of this replica
 */
record Upkeep(Quarantine quarantine, Sweeper sweeper, News news, long sinceMillis) {

  boolean isNew(long arrivedMillis) {
    return arrivedMillis >= sinceMillis;
  }
}
