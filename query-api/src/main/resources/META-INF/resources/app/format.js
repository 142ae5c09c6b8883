// Figures as people read them. Times come as epoch microseconds, durations as microseconds, absent as null.

const NONE = '–';
const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23'});
const day = new Intl.DateTimeFormat(undefined, {year: 'numeric', month: 'short', day: '2-digit'});
const count = new Intl.NumberFormat();

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Its short name, for the head of a column. */
export const zoneShort = new Intl.DateTimeFormat(undefined, {timeZoneName: 'short'}).formatToParts(new Date()).find(part => part.type === 'timeZoneName').value;

export const time = micros => (micros == null ? NONE : clock.format(new Date(micros / 1000)));

/** With the day where that is not today. */
export function moment(micros) {
  if (micros == null) return NONE;
  const at = new Date(micros / 1000);
  return at.toDateString() === new Date().toDateString() ? time(micros) : `${day.format(at)} ${time(micros)}`;
}

export const number = value => (value == null ? NONE : count.format(value));

export function duration(micros) {
  if (micros == null) return NONE;
  if (micros < 1_000) return `${micros} µs`;
  if (micros < 100_000) return `${(micros / 1_000).toFixed(micros < 10_000 ? 1 : 0)} ms`;
  if (micros < 1_000_000) return `${Math.round(micros / 1_000)} ms`;
  if (micros < 60_000_000) return `${(micros / 1_000_000).toFixed(micros < 10_000_000 ? 2 : 1)} s`;
  const seconds = Math.round(micros / 1_000_000);
  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${(seconds / 3_600).toFixed(1)} h`;
}

export function bytes(value) {
  if (value == null) return NONE;
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = value, unit = 0;
  while (size >= 1000 && unit < units.length - 1) { size /= 1000; unit++; }
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`;
}

export function rate(perSecond) {
  if (perSecond == null) return NONE;
  if (perSecond >= 1) return `${perSecond.toFixed(1)}/s`;
  const perMinute = perSecond * 60;
  return perMinute >= 0.95 ? `${perMinute.toFixed(0)}/min` : `${(perMinute * 60).toFixed(0)}/h`;
}

export const percent = share => (share == null ? 'unknown' : `${share >= 0.99995 ? '100' : (Math.floor(share * 10_000) / 100).toFixed(2)} %`);

/** What an exchange did, in a few words. */
export function operation(exchange) {
  const target = exchange.target ? ` ${exchange.target}` : '';
  if (exchange.operation) return exchange.operation + target;
  if (exchange.method) return `${exchange.method} ${exchange.path ?? ''}`;
  return exchange.protocol === 'tls' ? 'encrypted call' : exchange.protocol ?? '';
}

export function tokens(item) {
  return item.inputTokens == null && item.outputTokens == null ? NONE : `${number(item.inputTokens ?? 0)} + ${number(item.outputTokens ?? 0)}`;
}
