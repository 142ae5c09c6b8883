import {ask} from '../api.js';
import {empty, h, table} from '../dom.js';
import {bytes, duration, moment, number, zoneShort} from '../format.js';
import {allThereIs, filters, pace} from '../state.js';
import {badge} from '../types.js';

const end = endpoint => `${endpoint.address}${endpoint.port == null ? '' : `:${endpoint.port}`}`;

/** Connections, with what TCP and TLS say of them. */
export function flows(view, {every}) {
  every(pace(), async signal => {
    const page = await ask('flows', {...filters('flowType', 'host', 'server'), limit: 200}, signal);
    view.replaceChildren(page.items.length === 0
      ? empty('No flows in this span', h('a', {href: allThereIs()}, 'Show all there is, replayed files included.'), 'Run ./sidewire doctor: it finds out why nothing is seen.')
      : table('Flows', [
        [`Began (${zoneShort})`, flow => moment(flow.firstSeen), 'mono'],
        ['Type', flow => badge(flow.flowType)],
        ['Client', flow => [flow.process?.command ? h('b', {}, flow.process.command, ' ') : null, h('span', {class: 'dim mono'}, end(flow.client))]],
        ['Server', flow => [flow.serverName ? h('b', {}, flow.serverName) : null, h(flow.serverName ? 'div' : 'span', {class: 'dim mono'}, end(flow.server))]],
        ['Security', flow => [flow.tlsVersion, flow.alpn].filter(Boolean).join(' ') || h('span', {class: 'dim'}, 'clear')],
        ['State', flow => flow.state],
        ['RTT', flow => duration(flow.handshakeRttMicros), 'right mono'],
        ['Sent', flow => bytes(flow.frameBytesToServer), 'right mono'],
        ['Received', flow => bytes(flow.frameBytesToClient), 'right mono'],
        ['Packets', flow => number(flow.packetsToServer + flow.packetsToClient), 'right mono'],
        ['Retrans.', flow => (flow.retransmissions ? h('span', {class: 'warn'}, number(flow.retransmissions)) : '0'), 'right mono'],
        ['Lasted', flow => duration(flow.lastSeen - flow.firstSeen), 'right mono'],
      ], page.items),
    page.nextCursor ? h('p', {class: 'dim'}, 'The newest 200 are shown; narrow the span for earlier ones.') : '');
  });
}
