/**
 * A streaming JSON scanner that keeps nothing but the few short values that somebody asked for.
 *
 * <p>A general parser collects every string before it hands it over. Bodies of tools and models hold strings of
 * megabytes (pictures, documents), and the one value that is needed, such as a JSON-RPC id, may come after them; so
 * this scanner skips what no {@link io.sidewire.wire.json.JsonShape} names, at no cost in memory.
 */
package io.sidewire.wire.json;
