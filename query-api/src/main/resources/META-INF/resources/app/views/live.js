import {ask, query} from '../api.js';
import {h} from '../dom.js';
import {bytes, duration, operation, time, tokens, zoneShort} from '../format.js';
import {filters} from '../state.js';
import {badge, evidence, outcome} from '../types.js';
import {details} from './exchange.js';

const NAMES = ['flowType', 'host', 'server', 'operation', 'status', 'minLatency'];
const MOST_ROWS = 400;
const FRAME_MILLIS = 150;
const MOST_FRESH = 8;

/** The newest exchanges as they come; events only mark what changed, and a few times a second it is drawn. */
export function live(view, {until}) {
  const exchanges = new Map(); // by id, in the order in which they appeared
  const rows = new Map();
  const changed = new Set();
  let paused = false, waiting = 0, dropped = 0, search = '', open = null, timer = 0, cost = 0;

  const body = h('tbody');
  const note = h('span', {class: 'dim', role: 'status'});
  const pause = h('button', {type: 'button', onclick: () => { paused = !paused; pause.textContent = paused ? 'Resume' : 'Pause'; pause.setAttribute('aria-pressed', paused); if (!paused) { waiting = 0; redraw(); } say(); }}, 'Pause');
  const box = h('input', {type: 'search', placeholder: 'Search in what is shown', 'aria-label': 'Search', oninput: () => { search = box.value.toLowerCase(); redraw(); }});
  view.replaceChildren(
    h('div', {class: 'tools'}, pause, h('button', {type: 'button', onclick: () => { exchanges.clear(); redraw(); }}, 'Clear'), box, note),
    h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Live exchanges'}, h('table', {class: 'live'},
      h('caption', {class: 'unseen'}, 'Live exchanges, newest first'),
      h('thead', {}, h('tr', {}, [`Time (${zoneShort})`, 'Type', 'What', 'Server', 'Result', 'First byte', 'Total', 'Sent', 'Received', 'Tokens', ''].map((title, i) => h('th', {scope: 'col', class: i > 4 && i < 10 ? 'right' : null}, title)))), body)));

  const start = exchange => exchange.requestStart ?? exchange.responseStart ?? 0;
  const server = exchange => exchange.serverName ?? exchange.server?.address;
  const passes = exchange => !search || `${operation(exchange)} ${exchange.serverName} ${exchange.flowType} ${exchange.model ?? ''} ${exchange.process?.command ?? ''} ${exchange.error ?? ''} ${exchange.status ?? ''}`.toLowerCase().includes(search);
  const say = () => { note.textContent = `${paused ? `paused, ${waiting} waiting` : `${exchanges.size} shown`}${dropped ? `, ${dropped} skipped: too many at once` : ''}`; };

  function upsert(exchange) {
    const before = exchanges.get(exchange.exchangeId);
    if (before && before.revision > exchange.revision) return;
    exchanges.set(exchange.exchangeId, exchange);
    changed.add(exchange.exchangeId);
    if (paused) { waiting++; say(); return; }
    timer ||= setTimeout(draw, Math.max(FRAME_MILLIS, cost * 4));
  }

  function line(exchange) {
    const row = h('tr', {class: `link ${exchange.error ? 'failed' : ''}`, tabindex: 0},
      h('td', {class: 'mono'}, time(start(exchange))), h('td', {}, badge(exchange.flowType)), h('td', {class: 'what', title: operation(exchange)}, operation(exchange)), h('td', {class: 'what dim', title: server(exchange)}, server(exchange)),
      h('td', {}, outcome(exchange)), h('td', {class: 'right mono'}, duration(exchange.ttfbMicros)), h('td', {class: 'right mono'}, duration(exchange.totalMicros)),
      h('td', {class: 'right mono'}, bytes(exchange.requestBytes)), h('td', {class: 'right mono'}, bytes(exchange.responseBytes)), h('td', {class: 'right mono'}, tokens(exchange)), h('td', {}, evidence(exchange)));
    const toggle = () => { open = open === exchange.exchangeId ? null : exchange.exchangeId; redraw(); };
    row.addEventListener('click', toggle);
    row.addEventListener('keydown', e => { if (e.key === 'Enter') toggle(); });
    return row;
  }

  function draw() {
    timer = 0;
    const began = performance.now();
    body.querySelector('.wait')?.parentNode.remove();
    const fresh = document.createDocumentFragment();
    for (const id of [...exchanges.keys()].slice(0, Math.max(0, exchanges.size - MOST_ROWS))) { exchanges.delete(id); rows.get(id)?.remove(); rows.delete(id); }
    for (const id of changed) {
      const exchange = exchanges.get(id);
      if (!exchange || !passes(exchange)) continue;
      const row = line(exchange), old = rows.get(id);
      if (old?.isConnected) old.replaceWith(row);
      else { if (changed.size <= MOST_FRESH) row.classList.add('fresh'); fresh.prepend(row); }
      rows.set(id, row);
    }
    body.prepend(fresh);
    changed.clear();
    say();
    // Layout is part of the cost; drawing takes a fifth of the time at most, whatever comes.
    requestAnimationFrame(() => setTimeout(() => { cost = performance.now() - began; }));
  }

  function redraw() {
    body.replaceChildren();
    rows.clear();
    for (const exchange of [...exchanges.values()].sort((a, b) => start(b) - start(a))) {
      if (!passes(exchange)) continue;
      const row = line(exchange);
      rows.set(exchange.exchangeId, row);
      body.append(row);
      if (open === exchange.exchangeId) body.append(h('tr', {class: 'more'}, h('td', {colspan: 11}, details(exchange))));
    }
    changed.clear();
    say();
    if (body.childElementCount === 0) body.append(h('tr', {}, h('td', {colspan: 11, class: 'wait'}, search ? 'Nothing here matches the search.' : 'Waiting for exchanges … make a call with your agent; ./sidewire doctor says why nothing comes.')));
  }

  const given = filters(...NAMES);
  delete given.from;
  delete given.to;
  const source = new EventSource(`api/v1/live${query({...given, kind: 'exchange'})}`);
  source.addEventListener('exchange', event => upsert(JSON.parse(event.data)));
  source.addEventListener('dropped', event => { dropped += JSON.parse(event.data).dropped; say(); });
  // Listening comes first, then the list of what was before: nothing falls between.
  source.addEventListener('hello', async () => {
    const page = await ask('exchanges', {...given, from: '-1h', limit: 100}).catch(() => ({items: []}));
    for (const exchange of page.items.reverse()) if (!exchanges.has(exchange.exchangeId)) exchanges.set(exchange.exchangeId, exchange);
    redraw();
  });
  source.addEventListener('error', () => { note.textContent = 'not connected; trying again …'; });
  redraw();
  until(() => { source.close(); clearTimeout(timer); });
}
