/**
 * Questions to the read model and their answers: parameters, filters, sums, merged distributions.
 *
 * <p>Rule 1: percentiles come from merged sketches, never from other percentiles. Rule 2: every answer says what part
 * of the traffic it rests on. Rule 3: every answer is bounded in size and in what it looks at.
 */
package io.sidewire.query;
