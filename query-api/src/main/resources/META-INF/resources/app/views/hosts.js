import {ask} from '../api.js';
import {empty, h} from '../dom.js';
import {bytes, moment, number, percent} from '../format.js';
import {allThereIs, filters, pace} from '../state.js';

const LOSSES = [['droppedByKernel', 'dropped by the kernel'], ['droppedByInterface', 'dropped by the interface'], ['droppedByQueue', 'dropped by the decode queue'],
  ['droppedBeforeKafka', 'dropped before Kafka'], ['missingBatches', 'batches missing'], ['late', 'too late to count'], ['droppedBySaving', 'counted, but not saved']];

/** Capture hosts: what they saw, what they lost, how they are set. */
export function hosts(view, {every}) {
  every(pace(), async signal => {
    const answer = await ask('hosts', filters('host'), signal);
    view.replaceChildren(answer.items.length === 0
      ? empty('No capture reported in this span', 'Start one with ./sidewire up, or read a file with ./sidewire replay FILE --serve.', h('a', {href: allThereIs()}, 'Show all there is, replayed files included.'))
      : h('div', {class: 'cards few'}, answer.items.map(host => h('section', {class: 'card still'},
        h('span', {class: 'head'}, h('strong', {}, host.host), host.file ? h('span', {class: 'mark'}, 'capture file') : null,
          host.settings.keylog === 'on' ? h('span', {class: 'mark', title: 'This capture reads a key log: the connections in it are decrypted'}, '🔓 key log') : null),
        h('span', {class: 'big'}, percent(host.coverage), h('small', {}, ' of what it received is in the figures')),
        host.alerts.map(alert => h('p', {class: 'alert'}, '⚠ ', alert)),
        h('dl', {class: 'facts'}, [
          ['Packets received', number(host.packetsReceived)], ['Bytes received', bytes(host.bytesReceived)], ['Last heard', moment(host.lastSeen)],
          ...LOSSES.filter(([name]) => host.loss[name] > 0).map(([name, title]) => [title, number(host.loss[name])]),
          ...(host.duplicateDropped ? [['duplicates left out', number(host.duplicateDropped)]] : []), ...(host.evictedFlows ? [['flows evicted', number(host.evictedFlows)]] : []),
          ...Object.entries(host.refusedParses).map(([why, times]) => [`not parsed: ${why}`, number(times)]),
          ...Object.entries(host.settings),
        ].map(([name, value]) => h('div', {class: String(value).length > 40 ? 'long' : null}, h('dt', {}, name), h('dd', {}, value))))))));
  });
}
