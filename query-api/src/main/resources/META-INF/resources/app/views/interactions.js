import {ask} from '../api.js';
import {colour, empty, h, table} from '../dom.js';
import {bytes, duration, moment, number, tokens, zoneShort} from '../format.js';
import {allThereIs, filters, link, pace} from '../state.js';
import {badge, evidence, typeOf} from '../types.js';

/** The list, each with its steps as bars; or one of them as a timeline. */
export function interactions(view, context) {
  return context.id ? timeline(view, context) : list(view, context);
}

function list(view, {every}) {
  every(pace(), async signal => {
    const page = await ask('interactions', {...filters('host', 'status', 'minLatency'), limit: 50}, signal);
    if (page.items.length === 0) {
      view.replaceChildren(empty('No interactions in this span',
        'An interaction begins with a call to a model or a tool; housekeeping such as tools/list makes none.', h('a', {href: allThereIs()}, 'Show all there is, replayed files included.')));
      return;
    }
    view.replaceChildren(table('Interactions', [
      [`Began (${zoneShort})`, one => moment(one.start), 'mono'],
      ['Who', one => one.process?.command ?? one.client],
      ['Steps', bars, 'wide'],
      ['Total', one => duration(one.totalMicros), 'right mono'],
      ['Model', one => duration(one.modelMicros), 'right mono'],
      ['Tools', one => duration(one.toolMicros), 'right mono'],
      ['Agent', one => duration(one.agentMicros), 'right mono'],
      ['Tokens', tokens, 'right mono'],
      ['', one => [one.errors ? h('span', {class: 'pill bad'}, `${one.errors} ✗`) : null, ' ', one.state === 'open' ? h('span', {class: 'mark'}, 'open …') : null, one.ambiguous ? h('span', {class: 'mark'}, 'ambiguous') : null]],
    ], page.items, one => { location.hash = link('interactions', undefined, one.interactionId); }),
    page.nextCursor ? h('p', {class: 'dim'}, 'The newest 50 are shown; narrow the span for earlier ones.') : '');
  });
}

const share = (part, whole) => `${Math.max(0, Math.min(100, whole > 0 ? part / whole * 100 : 0))}%`;

function bar(step, whole) {
  const type = typeOf(step.flowType);
  return h('i', {
    class: `bar ${step.error ? 'failed' : ''}`, title: `${type.title} ${step.operation ?? ''} ${step.target ?? ''} ${duration(step.totalMicros)}`,
    vars: {'--c': colour(type.colour), left: share(step.offsetMicros, whole), width: share(step.totalMicros ?? 0, whole)},
  });
}

/** The time before a step in which nothing else was under way: the agent's own. */
function gap(one, i) {
  const before = one.steps.slice(0, i).reduce((end, step) => Math.max(end, step.offsetMicros + (step.totalMicros ?? 0)), 0);
  const own = one.steps[i].offsetMicros - before;
  return own <= 0 ? null : h('i', {class: 'bar own', title: `the agent itself: ${duration(own)}`, vars: {left: share(before, one.totalMicros), width: share(own, one.totalMicros)}});
}

const bars = one => h('span', {class: 'track', role: 'img', 'aria-label': `${one.steps.length} steps`}, one.steps.map(step => bar(step, one.totalMicros)));

function timeline(view, {every, id}) {
  every(pace(), async signal => {
    const {interaction: one, exchanges} = await ask(`interactions/${encodeURIComponent(id)}`, {}, signal);
    const byId = new Map(exchanges.map(exchange => [exchange.exchangeId, exchange]));
    const part = (name, micros, kind) => h('span', {class: 'figure'}, h('small', {}, name), h('b', {class: kind}, duration(micros)));
    view.replaceChildren(h('section', {class: 'panel'},
      h('p', {}, h('a', {href: link('interactions')}, '← all interactions')),
      h('h2', {}, one.process?.command ?? one.client, h('small', {}, ` on ${one.host}, ${moment(one.start)}${one.state === 'open' ? ', still open' : `, ended by ${one.endedBy?.replace('_', ' ') ?? '?'}`}${one.ambiguous ? ', ambiguous: agents that share one client cannot be told apart' : ''}`)),
      h('div', {class: 'figures row'}, part('total', one.totalMicros), part('model', one.modelMicros), part('tools', one.toolMicros), part('agent itself', one.agentMicros),
        h('span', {class: 'figure'}, h('small', {}, 'model calls'), h('b', {}, number(one.modelCalls))), h('span', {class: 'figure'}, h('small', {}, 'tool calls'), h('b', {}, number(one.toolCalls))),
        h('span', {class: 'figure'}, h('small', {}, 'errors'), h('b', {class: one.errors ? 'bad' : null}, number(one.errors))), h('span', {class: 'figure'}, h('small', {}, 'sent / received'), h('b', {}, `${bytes(one.requestBytes)} / ${bytes(one.responseBytes)}`)),
        h('span', {class: 'figure'}, h('small', {}, 'tokens in + out'), h('b', {}, tokens(one)))),
      h('ol', {class: 'timeline'}, one.steps.map((step, i) => {
        const exchange = byId.get(step.exchangeId);
        return h('li', {}, h('a', {href: link('exchange', {}, step.exchangeId)},
          h('span', {class: 'label'}, badge(step.flowType), ' ', [step.operation, step.target].filter(Boolean).join(' '), ' ', exchange ? evidence(exchange) : null, step.error ? h('span', {class: 'bad'}, ` ${step.error}`) : null),
          h('span', {class: `track ${exchange?.evidence === 'inferred' ? 'guessed' : ''}`}, gap(one, i), bar(step, one.totalMicros)),
          h('span', {class: 'mono right'}, `+${duration(step.offsetMicros)}`), h('span', {class: 'mono right'}, duration(step.totalMicros))));
      })),
      one.stepsCut ? h('p', {class: 'dim'}, `${one.stepsCut} further steps are not kept.`) : null));
  });
}
