/**
 * Who is answered. Loopback needs no token but the right host name; everything else needs the token; health answers
 * anyone.
 */
package io.sidewire.query.access;
