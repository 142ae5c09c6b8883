/**
 * The read model: a full copy of the derived topics in one replica's materialized stores.
 *
 * <p>Rule 1: only the writers write, on the one global thread; everyone else reads. Rule 2: a write is an upsert that
 * may be repeated, because a restart re-reads what followed the last flush. Rule 3: rows are kept by the time they
 * arrived, never by packet time, so that a replayed capture of last year stays as long as a live one.
 */
package io.sidewire.query.store;
