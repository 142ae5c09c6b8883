import {ask} from '../api.js';
import {h} from '../dom.js';
import {bytes, duration, moment, operation, tokens} from '../format.js';
import {link} from '../state.js';
import {badge, evidence, outcome} from '../types.js';

/** All that is known of one exchange. */
export function details(exchange) {
  const endpoint = end => (end ? `${end.address}${end.port == null ? '' : `:${end.port}`}` : null);
  const facts = [
    ['Exchange', h('a', {href: link('exchange', {}, exchange.exchangeId)}, exchange.exchangeId)],
    ['Interaction', exchange.interactionId ? h('a', {href: link('interactions', {}, exchange.interactionId)}, exchange.interactionId) : null],
    ['Host', exchange.host], ['Process', exchange.process ? `${exchange.process.command ?? '?'} (${exchange.process.pid ?? '?'})` : null],
    ['Client', endpoint(exchange.client)], ['Server', endpoint(exchange.server)], ['Name', exchange.serverName], ['Authority', exchange.authority], ['Protocol', exchange.protocol],
    ['Request', exchange.method ? `${exchange.method} ${exchange.path ?? ''}` : null], ['Operation', exchange.operation], ['Target', exchange.target], ['Model', exchange.model],
    ['Outcome', exchange.outcome], ['Status', exchange.status], ['Error', exchange.error], ['Finish reason', exchange.finishReason], ['Tool calls', exchange.toolCalls?.join(', ')],
    ['Began', moment(exchange.requestStart)], ['First byte after', exchange.ttfbMicros == null ? null : duration(exchange.ttfbMicros)], ['First chunk after', exchange.firstChunkMicros == null ? null : duration(exchange.firstChunkMicros)],
    ['First token after', exchange.firstTokenMicros == null ? null : duration(exchange.firstTokenMicros)], ['Total', exchange.totalMicros == null ? null : duration(exchange.totalMicros)],
    ['Sent', bytes(exchange.requestBytes)], ['Received', bytes(exchange.responseBytes)], ['Tokens in + out', exchange.inputTokens == null && exchange.outputTokens == null ? null : tokens(exchange)], ['Chunks', exchange.chunks],
    ['Known by', `${exchange.evidence}${exchange.confidence == null ? '' : `, confidence ${exchange.confidence.toFixed(2)}`}${exchange.ambiguous ? ', ambiguous' : ''}${exchange.complete ? '' : ', incomplete: packets are missing'}`],
  ];
  return h('dl', {class: 'facts'}, facts.filter(([, value]) => value != null && value !== '').map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** One exchange, for a link that is shared. */
export function exchange(view, {every, id}) {
  every(0, async signal => {
    const one = await ask(`exchanges/${encodeURIComponent(id)}`, {}, signal);
    view.replaceChildren(h('section', {class: 'panel'}, h('h2', {}, badge(one.flowType), ' ', operation(one), ' ', outcome(one), ' ', evidence(one)), details(one)));
  });
}
