// The page: an address chooses a view, a view asks the API again and again while it is shown.
import {ask} from './api.js';
import {forget} from './charts.js';
import {h} from './dom.js';
import {percent, zone} from './format.js';
import {change, here, link} from './state.js';
import {loadTypes} from './types.js';
import {exchange} from './views/exchange.js';
import {flows} from './views/flows.js';
import {hosts} from './views/hosts.js';
import {interactions} from './views/interactions.js';
import {live} from './views/live.js';
import {map} from './views/map.js';
import {overview} from './views/overview.js';

const VIEWS = {overview: ['Overview', overview], live: ['Live', live], interactions: ['Interactions', interactions], flows: ['Flows', flows], map: ['Map', map], hosts: ['Hosts', hosts], exchange: [null, exchange]};
const TAKES = {
  overview: ['span', 'flowType', 'host', 'server', 'operation'], live: ['flowType', 'host', 'server', 'operation', 'status', 'minLatency'], interactions: ['span', 'host', 'status', 'minLatency'],
  flows: ['span', 'flowType', 'host', 'server'], map: ['span', 'flowType', 'host', 'server'], hosts: ['span', 'host'], exchange: [],
};
const SPANS = [['-5m', '5 min'], ['', '15 min'], ['-1h', '1 hour'], ['-6h', '6 hours'], ['-24h', '1 day'], ['-7d', '7 days'], ['0', 'all']];

const byId = id => document.getElementById(id);
let leave = [];
let types = [];

function show() {
  leave.forEach(end => end());
  forget();
  const at = here();
  const [title, view] = VIEWS[at.view] ?? VIEWS.overview;
  document.title = `${title ?? 'Exchange'} · Sidewire`;
  const ends = [];
  leave = ends;
  byId('nav').replaceChildren(...Object.entries(VIEWS).filter(([, [name]]) => name).map(([key, [name]]) =>
    h('a', {href: link(key), 'aria-current': key === at.view ? 'page' : null}, name)));
  drawFilters(at);
  byId('title').textContent = title ?? 'Exchange';
  byId('view').replaceChildren(h('p', {class: 'dim'}, 'Loading …'));
  problem(null);
  view(byId('view'), {id: at.id, until: end => ends.push(end), every: (millis, draw) => ends.push(repeat(millis, draw))});
}

/** Calls draw now and every so many milliseconds (0: once), not while the page is hidden; tries again after a problem. */
function repeat(millis, draw) {
  const gone = new AbortController();
  let timer = 0, again = null;
  const turn = async () => {
    let next = millis;
    try {
      await draw(gone.signal);
      problem(null);
    } catch (e) {
      if (gone.signal.aborted) return;
      problem(e);
      next = e.retrySeconds ? e.retrySeconds * 1000 : millis;
    }
    if (gone.signal.aborted || !next) return;
    again = () => { timer = setTimeout(turn, next); };
    if (!document.hidden) again();
  };
  const back = () => { if (!document.hidden && again) { clearTimeout(timer); turn(); } else clearTimeout(timer); };
  document.addEventListener('visibilitychange', back);
  turn();
  return () => { gone.abort(); clearTimeout(timer); document.removeEventListener('visibilitychange', back); };
}

function problem(error) {
  const box = byId('problem');
  box.hidden = !error;
  box.replaceChildren(error ? error.message : '');
}

function drawFilters(at) {
  const takes = TAKES[at.view] ?? [];
  const {params} = at;
  const field = (name, label, hint) => takes.includes(name) && h('label', {}, h('span', {}, label),
    h('input', {name, value: params[name] ?? '', placeholder: hint, size: 14, autocomplete: 'off', onchange: e => change({[name]: e.target.value.trim()})}));
  const select = (name, label, choices) => takes.includes(name) && h('label', {}, h('span', {}, label),
    h('select', {name, onchange: e => change({[name]: e.target.value})}, choices.map(([value, text]) => h('option', {value, selected: value === (params[name] ?? '')}, text))));
  const seen = types.filter(type => type.seen || type.flowType === params.flowType);
  const zoomed = params.to || (params.from && !SPANS.some(([from]) => from === params.from));
  byId('filters').replaceChildren(...[
    takes.includes('span') && h('div', {class: 'spans', role: 'group', 'aria-label': 'Span'}, SPANS.map(([from, text]) =>
      h('button', {type: 'button', 'aria-pressed': !zoomed && (params.from ?? '') === from ? 'true' : 'false', onclick: () => change({from, to: ''})}, text)),
    zoomed && h('button', {type: 'button', 'aria-pressed': 'true', title: 'Leave the zoom', onclick: () => change({from: '', to: ''})}, 'zoomed ✕')),
    select('flowType', 'Type', [['', 'all types'], ...seen.map(type => [type.flowType, type.title])]),
    field('host', 'Host', 'any'), field('server', 'Server', '*.openai.azure.com'), field('operation', 'Operation', 'tools/call'),
    select('status', 'Result', [['', 'any'], ['ok', 'ok'], ['error', 'errors'], ['open', 'open']]), field('minLatency', 'At least', '250ms'),
    ['flowType', 'host', 'server', 'operation', 'status', 'minLatency'].some(name => params[name]) && h('button', {type: 'button', onclick: () => change({flowType: '', host: '', server: '', operation: '', status: '', minLatency: ''})}, 'Clear filters'),
  ].filter(Boolean));
}

/** Whether it hears of any capture, and how much of the traffic the figures rest on. */
async function status() {
  const answer = await ask('hosts', {from: '-1m'});
  const alerts = answer.items.reduce((sum, host) => sum + host.alerts.length, 0);
  const [kind, text] = answer.items.length === 0 ? ['idle', 'no capture running']
    : alerts || answer.coverage < 0.999 ? ['warn', `${percent(answer.coverage)} covered`] : ['good', `capturing on ${answer.items.length === 1 ? answer.items[0].host : `${answer.items.length} hosts`}`];
  byId('status').replaceChildren(h('a', {href: link('hosts'), class: `state ${kind}`}, h('i', {'aria-hidden': 'true'}), text));
}

byId('zone').textContent = `Times in ${zone}`;
byId('filters').addEventListener('submit', e => { e.preventDefault(); document.activeElement?.blur(); });
addEventListener('hashchange', show);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
repeat(10_000, status);
repeat(30_000, async () => {
  const before = types.filter(type => type.seen).length;
  types = await loadTypes();
  if (types.filter(type => type.seen).length !== before && !byId('filters').contains(document.activeElement)) drawFilters(here());
});
show();
