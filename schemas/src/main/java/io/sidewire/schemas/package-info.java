/**
 * The topics and what is on them: Avro records (generated from {@code sidewire.avdl}), keys, serdes, and every schema
 * ever released. Public: other services consume the topics with this module.
 */
package io.sidewire.schemas;
