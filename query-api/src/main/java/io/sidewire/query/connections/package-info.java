/**
 * How many connections clients may hold, and for how long without a request. Nobody can lock others out by holding
 * connections: those that wait longest without a request make room.
 */
package io.sidewire.query.connections;
