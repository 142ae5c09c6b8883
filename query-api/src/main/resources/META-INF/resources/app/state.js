// Where we are is in the address alone: a link shows to others what it shows here.

export const FILTERS = ['from', 'to', 'flowType', 'host', 'server', 'operation', 'status', 'minLatency'];

export function here() {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = (path || 'overview').split('/').map(decodeURIComponent);
  return {view: parts[0], id: parts[1], params: Object.fromEntries(new URLSearchParams(search ?? ''))};
}

export function link(view, params = here().params, id = undefined) {
  const kept = new URLSearchParams();
  for (const name of FILTERS) if (params[name]) kept.set(name, params[name]);
  const search = kept.toString();
  return `#/${view}${id ? `/${encodeURIComponent(id)}` : ''}${search ? `?${search}` : ''}`;
}

/** Goes to the same view with other filters. */
export function change(changes) {
  const at = here();
  location.hash = link(at.view, {...at.params, ...changes}, at.id);
}

/** Shows another part of time: moved by a share of the span, and made longer or shorter about its middle. */
export function shift({from, to}, move, grow) {
  const length = to - from, middle = (from + to) / 2 + move * length, half = Math.max(10e6, length * grow) / 2;
  change({from: String(Math.round(middle - half)), to: String(Math.round(middle + half))});
}

/** The filters of the address that a path takes. */
export function filters(...names) {
  const {params} = here();
  const taken = {from: params.from || '-15m'};
  for (const name of ['to', ...names]) if (params[name]) taken[name] = params[name];
  return taken;
}

/** True where the span ends now, so that the view should follow. */
export const follows = () => !here().params.to;

/** The same view without its span: all there is. */
export const allThereIs = () => {
  const {view, params} = here();
  return link(view, {...params, from: '0', to: ''});
};

/** How often a view asks again: long spans change little, and cost more. */
export function pace() {
  const {from, to} = here().params;
  if (to) return 0;
  return {'-5m': 2_000, '': 5_000, '-1h': 10_000, '-6h': 30_000}[from ?? ''] ?? 60_000;
}
