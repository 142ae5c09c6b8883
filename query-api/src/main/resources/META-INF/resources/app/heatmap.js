// Latencies over time as a picture: a column a step, a row a power of ten's eighth, the darker the more calls.
import {h} from './dom.js';
import {duration, number} from './format.js';
import {change} from './state.js';

const HEIGHT = 216, LEFT = 62, BOTTOM = 24, TOP = 6;
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
const day = new Intl.DateTimeFormat(undefined, {month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
const at = (micros, step) => (step >= 3_600_000_000 ? day : clock).format(new Date(micros / 1000));

/** Draws an answer of /heatmap; arrow keys and the pointer read cells, dragging zooms. */
export function heatmap(holder, answer) {
  if (!holder.canvas) build(holder);
  holder.answer = answer;
  holder.cell = null;
  holder.most = answer.counts.reduce((most, column) => Math.max(most, ...(column ?? [0])), 0);
  holder.canvas.setAttribute('aria-label', answer.count === 0 ? 'Latency heat map: no calls with a latency'
    : `Latency heat map of ${number(answer.count)} calls over ${answer.times.length} steps of ${duration(answer.stepMicros)}, from ${duration(answer.bounds[0])} to ${duration(answer.bounds.at(-1))}; arrow keys read the cells, plus and minus zoom`);
  paint(holder);
}

function build(holder) {
  holder.canvas = h('canvas', {tabindex: 0, role: 'img', class: 'heat'});
  holder.readout = h('p', {class: 'readout dim', role: 'status'}, ' ');
  holder.replaceChildren(holder.canvas, holder.readout);
  const {canvas} = holder;
  let from = null;
  canvas.addEventListener('pointerdown', e => { from = e.offsetX; canvas.setPointerCapture(e.pointerId); });
  canvas.addEventListener('pointermove', e => { point(holder, cellAt(holder, e.offsetX, e.offsetY)); paint(holder, from === null ? null : [from, e.offsetX]); });
  canvas.addEventListener('pointerleave', () => { if (from === null) { point(holder, null); paint(holder); } });
  canvas.addEventListener('pointerup', e => {
    const [low, high] = [from, e.offsetX].sort((a, b) => a - b);
    from = null;
    if (high - low < 6) { paint(holder); return; }
    zoom(holder.answer, column(holder, low), column(holder, high) + 1);
  });
  canvas.addEventListener('keydown', e => {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[e.key];
    if (!step || holder.answer.count === 0) return;
    e.preventDefault();
    e.stopPropagation(); // the panel would move the span
    const {counts, bounds} = holder.answer;
    const [i, r] = holder.cell ?? [counts.findLastIndex(Boolean), Math.floor(bounds.length / 2)];
    point(holder, holder.cell ? [Math.max(0, Math.min(counts.length - 1, i + step[0])), Math.max(0, Math.min(bounds.length - 2, r + step[1]))] : [i, r]);
    paint(holder);
  });
  new ResizeObserver(() => { if (holder.answer) paint(holder); }).observe(holder);
}

function zoom({times, stepMicros, to}, low, high) {
  change({from: String(times[low]), to: String(Math.min(to, times[Math.min(times.length, high) - 1] + stepMicros))});
}

const room = holder => Math.max(160, holder.clientWidth) - LEFT - 8;
const column = (holder, x) => Math.max(0, Math.min(holder.answer.times.length - 1, Math.floor((x - LEFT) / room(holder) * holder.answer.times.length)));

function cellAt(holder, x, y) {
  const rows = holder.answer.bounds.length - 1;
  const r = Math.floor((HEIGHT - BOTTOM - y) / (HEIGHT - BOTTOM - TOP) * rows);
  return rows < 1 || x < LEFT || r < 0 || r >= rows ? null : [column(holder, x), r];
}

function point(holder, cell) {
  holder.cell = cell;
  const {times, bounds, counts, stepMicros} = holder.answer;
  holder.readout.textContent = cell === null ? ' '
    : `${at(times[cell[0]], stepMicros)}: ${number(counts[cell[0]]?.[cell[1]] ?? 0)} calls took ${duration(bounds[cell[1]])} to ${duration(bounds[cell[1] + 1])}, of ${number((counts[cell[0]] ?? []).reduce((sum, one) => sum + one, 0))}`;
}

function paint(holder, brush = null) {
  const {canvas, answer, cell, most} = holder;
  const width = Math.max(160, holder.clientWidth), sharp = devicePixelRatio || 1;
  canvas.width = width * sharp;
  canvas.height = HEIGHT * sharp;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${HEIGHT}px`;
  const g = canvas.getContext('2d');
  g.scale(sharp, sharp);
  g.font = '11px system-ui, sans-serif';
  const high = HEIGHT - BOTTOM - TOP, wide = room(holder), columns = answer.times.length, rows = Math.max(1, answer.bounds.length - 1);
  const x = i => LEFT + i / columns * wide, y = r => HEIGHT - BOTTOM - r / rows * high;
  g.strokeStyle = css('--line');
  g.fillStyle = css('--dim');
  g.textAlign = 'right';
  g.textBaseline = 'middle';
  // Lines at powers of ten, and at their halves where there is room; a narrow range is named at its ends.
  const decades = answer.bounds.map(bound => Math.round(Math.log10(bound) * 8)).map((eighth, r) => [eighth, r]);
  const named = rows < 9 ? decades.filter((one, r) => r % 2 === 0) : decades.filter(([eighth]) => eighth % (rows <= 32 ? 4 : 8) === 0);
  for (const [, r] of named) {
    g.fillText(duration(answer.bounds[r]), LEFT - 8, y(r));
    line(g, LEFT, y(r), LEFT + wide, y(r));
  }
  g.textAlign = 'center';
  const labels = Math.max(2, Math.floor(wide / 90));
  for (let k = 0; k < labels; k++) {
    const i = Math.round((k + 0.5) * columns / labels - 0.5);
    if (answer.times[i] !== undefined) g.fillText(at(answer.times[i], answer.stepMicros), x(i + 0.5), HEIGHT - 9);
  }
  // A few calls among thousands must still be seen: the logarithm of the count, and never paler than a fifth.
  g.fillStyle = css('--accent');
  answer.counts.forEach((one, i) => one?.forEach((count, r) => {
    if (count === 0) return;
    g.globalAlpha = 0.2 + 0.8 * Math.log1p(count) / Math.log1p(most);
    g.fillRect(x(i), y(r + 1), Math.max(1.5, wide / columns - 0.5), Math.max(1.5, high / rows - 0.5));
  }));
  g.globalAlpha = 1;
  if (cell) {
    g.strokeStyle = css('--text');
    g.strokeRect(x(cell[0]), y(cell[1] + 1), wide / columns, high / rows);
  }
  if (brush) {
    g.globalAlpha = 0.2;
    g.fillStyle = css('--text');
    g.fillRect(Math.min(...brush), TOP, Math.abs(brush[1] - brush[0]), high);
    g.globalAlpha = 1;
  }
}

function line(g, fromX, fromY, toX, toY) {
  g.beginPath();
  g.moveTo(fromX, fromY);
  g.lineTo(toX, toY);
  g.stroke();
}
