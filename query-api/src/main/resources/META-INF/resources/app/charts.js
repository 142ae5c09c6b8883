// Lines over time with uPlot; dragging across one zooms the whole page into that span.
import uPlot from '../webjars/uplot/1.6.30/dist/uPlot.esm.js';
import {h, s} from './dom.js';
import {change} from './state.js';
import {colourOf, typeOf} from './types.js';
import {zone} from './format.js';

const charts = new Set();
const sizes = new ResizeObserver(entries => {
  for (const {target, contentRect} of entries) target.plot?.setSize({width: Math.max(200, contentRect.width), height: target.plot.height});
});

export function forget() {
  for (const holder of charts) { sizes.unobserve(holder); holder.plot?.destroy(); }
  charts.clear();
}

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const day = new Intl.DateTimeFormat(undefined, {month: 'short', day: 'numeric'});
const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
const exact = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
const tick = (seconds, step) => (step >= 86_400 ? day : step >= 60 ? clock : exact).format(new Date(seconds * 1000));

/** Draws an answer of /series; {title, format of a value, bars: from zero with filled area}. */
export function chart(holder, answer, {title, format, filled}) {
  const times = answer.times.map(micros => micros / 1e6);
  const lines = answer.series.filter(line => line.values.some(value => value));
  const data = [times, ...lines.map(line => line.values)];
  const names = lines.map(line => line.key ?? '').join();
  if (holder.plot && holder.names === names) {
    holder.plot.setData(data);
    return;
  }
  holder.plot?.destroy();
  holder.replaceChildren();
  holder.names = names;
  const grid = {stroke: css('--line'), width: 1};
  const axis = {stroke: css('--dim'), grid, ticks: grid, font: '11px system-ui, sans-serif'};
  holder.plot = new uPlot({
    width: Math.max(200, holder.clientWidth), height: 190,
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), zone),
    cursor: {drag: {x: true, y: false, setScale: false}, sync: {key: 'sidewire'}},
    legend: {live: true},
    scales: {y: {range: (u, low, high) => [0, high > 0 ? high * 1.1 : 1]}},
    axes: [{...axis, values: (u, splits, i, space, step) => splits.map(seconds => tick(seconds, step))}, {...axis, size: 62, values: (u, splits) => splits.map(value => format(value).replace(/\.0+(?= |$)/, ''))}],
    series: [{value: (u, seconds) => (seconds == null ? '' : `${day.format(new Date(seconds * 1000))} ${exact.format(new Date(seconds * 1000))}`)},
      ...lines.map(line => ({
        label: line.key ? typeOf(line.key).title : title, stroke: line.key ? colourOf(line.key) : css('--accent'), width: 1.7, spanGaps: false,
        fill: filled ? `${line.key ? colourOf(line.key) : '#3b82f6'}22` : undefined, points: {show: lines.length * times.length < 400, size: 4},
        value: (u, value) => (value == null ? '–' : format(value)),
      }))],
    hooks: {setSelect: [u => {
      if (u.select.width < 6) return;
      const from = Math.round(u.posToVal(u.select.left, 'x') * 1e6), to = Math.round(u.posToVal(u.select.left + u.select.width, 'x') * 1e6);
      u.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
      change({from: String(from), to: String(to)});
    }]},
  }, data, holder);
  holder.querySelector('.u-legend')?.setAttribute('aria-label', `${title}: values under the cursor`);
  holder.setAttribute('role', 'img');
  holder.tabIndex = 0;
  holder.setAttribute('aria-label', `${title}: ${lines.length} lines over ${times.length} points; the same figures are in the cards above; arrow keys move the span, plus and minus zoom`);
  charts.add(holder);
  sizes.observe(holder);
}

/** A small line without axes. */
export function sparkline(values) {
  const numbers = values.map(value => value ?? 0);
  const high = Math.max(1, ...numbers), step = numbers.length > 1 ? 120 / (numbers.length - 1) : 0;
  const points = numbers.map((value, i) => `${(i * step).toFixed(1)},${(27 - value / high * 24).toFixed(1)}`).join(' ');
  return s('svg', {class: 'spark', viewBox: '0 0 120 28', preserveAspectRatio: 'none', 'aria-hidden': 'true'},
    s('polygon', {points: `0,28 ${points} 120,28`}), s('polyline', {points}));
}

export const holder = (title, note) => {
  const body = h('div', {class: 'plot'});
  return {panel: h('section', {class: 'panel'}, h('h2', {}, title, note ? h('small', {}, ` ${note}`) : null), body), body};
};
