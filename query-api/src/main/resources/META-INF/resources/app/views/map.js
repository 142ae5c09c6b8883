import {ask} from '../api.js';
import {colour, empty, h, s, table} from '../dom.js';
import {bytes, number} from '../format.js';
import {allThereIs, filters, here, link, pace} from '../state.js';
import {badge, typeOf} from '../types.js';

const MOST_PAGES = 4; // of 500 flows: more would keep the API busy for a picture that no one can read
const MOST_ENDS = 14; // on each side; the rest is one "other"
const ROW = 46, WIDTH = 900, NODE = 250;
const OTHERS = 'others';

/** Who talks to whom: processes on the left, endpoints on the right, as thick as their volume. */
export function map(view, {every}) {
  every(pace(), async signal => {
    const {flows, cut} = await newest(signal);
    if (flows.length === 0) {
      view.replaceChildren(empty('No flows in this span', h('a', {href: allThereIs()}, 'Show all there is, replayed files included.'), 'Remove the filters above.', 'Run ./sidewire doctor: it finds out why nothing is seen.'));
      return;
    }
    const edges = connect(flows);
    const focused = view.contains(document.activeElement) ? document.activeElement.getAttribute('href') ?? '' : null;
    view.replaceChildren(
      h('section', {class: 'panel map'}, h('h2', {}, 'Processes and endpoints', h('small', {}, ' by bytes on the wire; an endpoint leads to its flows')), h('div', {class: 'drawing'}, draw(edges))),
      cut ? h('p', {class: 'dim'}, `Drawn from the newest ${number(flows.length)} flows; narrow the span for earlier ones.`) : '',
      table('The same as a table', [
        ['From', edge => edge.client], ['To', edge => h('a', {href: link('flows', {...here().params, server: edge.filter})}, edge.server)], ['Type', edge => badge(edge.flowType)],
        ['Flows', edge => number(edge.flows), 'right mono'], ['Sent', edge => bytes(edge.sent), 'right mono'], ['Received', edge => bytes(edge.received), 'right mono'],
        ['Retrans.', edge => number(edge.retransmissions), 'right mono'],
      ], edges));
    if (focused) view.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  });
}

async function newest(signal) {
  const flows = [];
  let cursor;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await ask('flows', {...filters('flowType', 'host', 'server'), limit: 500, cursor}, signal);
    flows.push(...answer.items);
    cursor = answer.nextCursor;
    if (!cursor) break;
  }
  return {flows, cut: Boolean(cursor)};
}

/** One edge for each client, endpoint and type, the largest first. Flows inside a tunnel are in the tunnel's volume already. */
function connect(flows) {
  const edges = new Map();
  for (const flow of flows) {
    if (flow.tunnel && flow.tunnel !== 'outer') continue;
    const client = flow.process?.command ?? flow.client.address;
    const at = `${flow.server.address}${flow.server.port == null ? '' : `:${flow.server.port}`}`;
    const server = flow.serverName ?? at;
    const key = JSON.stringify([client, server, flow.flowType]);
    const edge = edges.get(key) ?? {client, server, filter: server, flowType: flow.flowType, flows: 0, sent: 0, received: 0, retransmissions: 0};
    edge.flows++;
    edge.sent += flow.frameBytesToServer;
    edge.received += flow.frameBytesToClient;
    edge.retransmissions += flow.retransmissions ?? 0;
    edges.set(key, edge);
  }
  return [...edges.values()].sort((a, b) => volume(b) - volume(a) || a.server.localeCompare(b.server));
}

const volume = edge => edge.sent + edge.received;

/** Names of one side with their volume, the largest first, at most MOST_ENDS of them. */
function ends(edges, side) {
  const sums = new Map();
  for (const edge of edges) sums.set(edge[side], (sums.get(edge[side]) ?? 0) + volume(edge));
  const all = [...sums].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const shown = all.slice(0, MOST_ENDS), rest = all.slice(MOST_ENDS);
  if (rest.length) shown.push([OTHERS, rest.reduce((sum, [, size]) => sum + size, 0), rest.length]);
  return shown.map(([name, size, many], i) => ({name, size, many, y: ROW * i}));
}

function draw(edges) {
  const left = ends(edges, 'client'), right = ends(edges, 'server');
  const height = ROW * Math.max(left.length, right.length);
  for (const side of [left, right]) for (const end of side) end.y += (height - ROW * side.length) / 2 + ROW / 2;
  const find = (side, name) => side.find(end => end.name === name && !end.many) ?? side.find(end => end.many);
  const most = Math.max(1, ...edges.map(volume));
  const lines = edges.map(edge => {
    const from = find(left, edge.client), to = find(right, edge.server), middle = WIDTH / 2;
    return s('path', {
      d: `M${NODE} ${from.y} C${middle} ${from.y} ${middle} ${to.y} ${WIDTH - NODE} ${to.y}`, fill: 'none', stroke: colour(typeOf(edge.flowType).colour),
      'stroke-width': (1.5 + 16 * Math.sqrt(volume(edge) / most)).toFixed(1), 'stroke-opacity': '.45',
    }, s('title', {}, `${edge.client} → ${edge.server}: ${bytes(edge.sent)} sent, ${bytes(edge.received)} received, ${number(edge.flows)} flows`));
  });
  return s('svg', {viewBox: `0 0 ${WIDTH} ${height}`, role: 'group', 'aria-label': `${left.length} processes or clients and ${right.length} endpoints; the table below has the same figures`},
    s('g', {'aria-hidden': 'true'}, lines), left.map(end => node(end, 0)),
    right.map(end => (end.many ? node(end, WIDTH - NODE)
      : s('a', {href: link('flows', {...here().params, server: end.name}), 'aria-label': `Flows to ${end.name}, ${bytes(end.size)}`}, node(end, WIDTH - NODE)))));
}

function node(end, x) {
  const name = end.many ? `${number(end.many)} others` : end.name;
  const short = name.length > 32 ? `${name.slice(0, 14)}…${name.slice(-17)}` : name;
  return s('g', {class: 'node'}, s('title', {}, name), s('rect', {x: x + 1, y: end.y - 19, width: NODE - 2, height: 38, rx: 8}),
    s('text', {x: x + 12, y: end.y - 2}, short), s('text', {x: x + 12, y: end.y + 13, class: 'size'}, bytes(end.size)));
}
