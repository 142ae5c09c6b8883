// Flow types with their face: title, icon, colour.
import {ask} from './api.js';
import {colour, h} from './dom.js';

const known = new Map();

export async function loadTypes() {
  const answer = await ask('flow-types');
  for (const type of answer.items) known.set(type.flowType, type);
  return answer.items;
}

export const typeOf = name => known.get(name) ?? {flowType: name, title: name, icon: '', colour: '#8a8f98', kind: 'other'};

export const colourOf = name => colour(typeOf(name).colour);

/** A coloured label. */
export function badge(name) {
  const type = typeOf(name);
  return h('span', {class: 'badge', vars: {'--c': colour(type.colour)}, title: name}, h('span', {'aria-hidden': 'true'}, type.icon), ' ', type.title);
}

/** How an exchange is known, where that is not by reading it. */
export function evidence(exchange) {
  if (exchange.evidence === 'inferred') return h('span', {class: 'mark', title: 'encrypted: concluded from sizes and times'}, exchange.ambiguous ? '🔒 ambiguous' : '🔒 inferred');
  if (exchange.evidence === 'decrypted') return h('span', {class: 'mark', title: 'read with the key log of its owner'}, '🔓 decrypted');
  return null;
}

export function outcome(exchange) {
  if (exchange.outcome === 'open') return h('span', {class: 'mark'}, 'open …');
  if (exchange.error) return h('span', {class: 'bad'}, exchange.status && !String(exchange.error).includes(String(exchange.status)) ? `${exchange.status} ${exchange.error}` : exchange.error);
  if (exchange.outcome !== 'answered') return h('span', {class: 'bad'}, exchange.outcome);
  return h('span', {class: 'good'}, exchange.status ?? '✓');
}
