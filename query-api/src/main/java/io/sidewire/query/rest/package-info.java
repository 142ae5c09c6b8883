/** The HTTP face of the queries: one resource class a path, no logic besides. */
package io.sidewire.query.rest;
