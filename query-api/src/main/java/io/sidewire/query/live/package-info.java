/**
 * The live stream: what appears on the topics, pushed to whoever listens, before it is aggregated and before it is
 * committed.
 */
package io.sidewire.query.live;
