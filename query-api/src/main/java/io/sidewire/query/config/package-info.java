/** Settings of the query API, under {@code sidewire.kafka}, {@code sidewire.query} and {@code sidewire.api}. */
package io.sidewire.query.config;
