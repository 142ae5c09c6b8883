/** Distributions that merge, and their form in rows. */
package io.sidewire.query.sketch;
