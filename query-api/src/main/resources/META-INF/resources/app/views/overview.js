import {ask} from '../api.js';
import {chart, holder, sparkline} from '../charts.js';
import {colour, empty, h} from '../dom.js';
import {heatmap} from '../heatmap.js';
import {bytes, duration, number, percent, rate, tokens} from '../format.js';
import {allThereIs, change, filters, follows, here, pace, shift} from '../state.js';
import {typeOf} from '../types.js';

const NAMES = ['flowType', 'host', 'server', 'operation'];

/** Cards by flow type, three figures over time, and how latencies are spread. */
export function overview(view, {every}) {
  const cards = h('div', {class: 'cards'});
  const calls = holder('Exchanges', 'by flow type; drag to zoom');
  const latency = holder('Total time, p95', 'from the first byte of the request to the last of the answer');
  const heat = holder('Total time, all calls', 'the darker the more; drag to zoom');
  const volume = holder('Bytes on the wire');
  const charts = h('div', {class: 'charts', onkeydown: keys}, calls.panel, latency.panel, heat.panel, volume.panel);
  let span = null;
  function keys(e) {
    const by = {ArrowLeft: [-0.5, 1], ArrowRight: [0.5, 1], '+': [0, 0.5], '=': [0, 0.5], '-': [0, 2]}[e.key];
    if (!by || !span || e.ctrlKey || e.altKey || e.metaKey) return;
    e.preventDefault();
    shift(span, ...by);
  }
  const quiet = empty('No call was seen in this span',
    'What was captured holds no request and answer that could be read or recognised: make a call with your agent.',
    'Calls by TLS to a server that no rule names are among other traffic: name it in a rules file (--rules), or read it with --keylog.',
    'Run ./sidewire doctor: it finds out why.');
  view.replaceChildren(cards, quiet, charts);

  every(pace(), async signal => {
    const given = filters(...NAMES);
    const series = (metric, more) => ask('series', {...given, metric, group: 'flowType', ...more}, signal);
    const [summary, exchanges, slow, spread, wire] = await Promise.all([
      ask('summary', given, signal), series('exchanges'), series('total.p95'), ask('heatmap', given, signal),
      given.operation ? null : series('frameBytes')]);
    span = {from: exchanges.from, to: exchanges.to};
    if (follows()) [exchanges, slow, wire].forEach(withoutTheUnfinished);
    if (summary.flowTypes.length === 0) {
      view.replaceChildren(nothing(summary));
      return;
    }
    if (!cards.isConnected) view.replaceChildren(cards, quiet, charts);
    const lines = new Map(exchanges.series.map(line => [line.key, line.values]));
    const focused = document.activeElement?.dataset?.type;
    cards.replaceChildren(...summary.flowTypes.map(row => card(row, lines.get(row.flowType) ?? [])));
    if (focused) cards.querySelector(`[data-type="${CSS.escape(focused)}"]`)?.focus();
    const called = summary.flowTypes.some(row => row.exchanges > 0);
    quiet.hidden = called;
    calls.panel.hidden = latency.panel.hidden = !called;
    if (called) chart(calls.body, exchanges, {title: 'Exchanges', format: number, filled: true});
    if (called) chart(latency.body, slow, {title: 'p95', format: duration});
    heat.panel.hidden = spread.count === 0;
    if (spread.count > 0) heatmap(heat.body, spread);
    volume.panel.hidden = !wire;
    if (wire) chart(volume.body, wire, {title: 'Bytes', format: bytes, filled: true});
  });
}

/** The step that is still going on would look like a fall. */
function withoutTheUnfinished(answer) {
  if (answer && answer.times.length > 2 && answer.times.at(-1) + answer.stepMicros > Date.now() * 1000) {
    answer.times.pop();
    answer.series.forEach(line => line.values.pop());
  }
}

function card(row, line) {
  const type = typeOf(row.flowType);
  const chosen = here().params.flowType === row.flowType;
  const called = row.exchanges > 0;
  return h('button', {
    class: 'card', type: 'button', 'data-type': row.flowType, vars: {'--c': colour(type.colour)}, 'aria-pressed': chosen ? 'true' : 'false',
    title: chosen ? 'Show all flow types' : `Show ${type.title} only`,
    onclick: () => change({flowType: chosen ? '' : row.flowType}),
  },
  h('span', {class: 'head'}, h('span', {class: 'icon', 'aria-hidden': 'true'}, type.icon), h('strong', {}, type.title),
    row.errors > 0 ? h('span', {class: 'pill bad'}, `${number(row.errors)} ${row.errors === 1 ? 'error' : 'errors'}`) : null),
  called ? h('span', {class: 'big'}, number(row.exchanges), h('small', {}, ` exchanges · ${rate(row.rate)}`)) : h('span', {class: 'big'}, bytes(row.frameBytes), h('small', {}, ' on the wire')),
  called ? sparkline(line) : null,
  h('span', {class: 'figures'},
    called ? [figure('p50', duration(row.total.p50)), figure('p95', duration(row.total.p95)), figure('p99', duration(row.total.p99)), figure('first byte', duration(row.ttfb.p50))] : null,
    row.frameBytes == null ? null : [figure('volume', bytes(row.frameBytes)), figure('flows', number(row.flows))],
    row.inputTokens + row.outputTokens > 0 ? figure('tokens', tokens(row)) : null,
    figure('coverage', percent(row.coverage), row.coverage != null && row.coverage < 0.999 ? 'warn' : null)));
}

const figure = (name, value, kind) => h('span', {class: 'figure'}, h('small', {}, name), h('b', {class: kind}, value));

function nothing(summary) {
  const heard = summary.coverage != null;
  return empty('Nothing was seen in this span',
    heard ? 'A capture is running, but nothing passed it: make a call with your agent, or look whether its filter and interface are right.' : 'No capture reported in this span: start one with ./sidewire up, or read a file with ./sidewire replay FILE --serve.',
    h('a', {href: allThereIs()}, 'Show all there is, replayed files included.'), NAMES.some(name => here().params[name]) ? 'Remove the filters above.' : null, 'Run ./sidewire doctor: it finds out why.');
}
