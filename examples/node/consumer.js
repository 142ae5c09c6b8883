// Prints each exchange when it has ended: type, operation, target, milliseconds. It ends after some seconds without a record.
//
//   node consumer.js HOST:PORT                 values in single-object encoding
//   node consumer.js HOST:PORT REGISTRY        in Confluent's wire format, e.g. http://registry:8080/apis/ccompat/v7
import {readFileSync, readdirSync} from 'node:fs';
import avro from 'avsc';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';

const [broker, registry] = process.argv.slice(2);
const patience = 4_000;

// The writers compress with lz4, which KafkaJS leaves to its users.
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => ({
  compress: ({buffer}) => Buffer.from(lz4.compress(buffer)),
  decompress: (buffer) => Buffer.from(lz4.decompress(buffer)),
});

// Single-object encoding: C3 01, the fingerprint of the schema, the datum. All schemas ever released stand in the project.
const history = new URL('../../schemas/src/main/resources/io/sidewire/schemas/history/Exchange/', import.meta.url);
const byFingerprint = new Map();
if (!registry) {
  for (const file of readdirSync(history)) {
    const type = avro.Type.forSchema(JSON.parse(readFileSync(new URL(file, history), 'utf8')));
    byFingerprint.set(fingerprint(canonical(type.schema())), type);
  }
}

function singleObject(value) {
  if (value.readUInt16BE(0) !== 0xc301) throw new Error('not in single-object encoding');
  const type = byFingerprint.get(value.readBigUInt64LE(2));
  if (!type) throw new Error('written by a later version: its schema is not here');
  return type.decode(value, 10).value;
}

// Avro's parsing canonical form: names in full, and only what matters for reading, in a fixed order.
function canonical(schema, space = '') {
  if (typeof schema === 'string') return schema.includes('.') || isPrimitive(schema) || !space ? schema : `${space}.${schema}`;
  if (Array.isArray(schema)) return schema.map((one) => canonical(one, space));
  if (isPrimitive(schema.type)) return schema.type;
  if (schema.type === 'array') return {type: 'array', items: canonical(schema.items, space)};
  if (schema.type === 'map') return {type: 'map', values: canonical(schema.values, space)};
  const name = schema.name.includes('.') || !space ? schema.name : `${space}.${schema.name}`;
  const inner = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  if (schema.type === 'enum') return {name, type: 'enum', symbols: schema.symbols};
  const fields = schema.fields.map((field) => ({name: field.name, type: canonical(field.type, inner)}));
  return {name, type: schema.type, fields};
}

function isPrimitive(type) {
  return ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'].includes(type);
}

// CRC-64-AVRO, as Avro's specification has it.
function fingerprint(form) {
  const empty = 0xc15d213aa4d7a795n;
  let sum = empty;
  for (const byte of Buffer.from(JSON.stringify(form))) {
    let low = (sum ^ BigInt(byte)) & 0xffn;
    for (let i = 0; i < 8; i++) low = (low >> 1n) ^ (empty & -(low & 1n) & 0xffffffffffffffffn);
    sum = (sum >> 8n) ^ low;
  }
  return sum;
}

// Confluent's wire format: a zero byte, the id of the schema, the datum. The registry tells the schema of an id.
const byId = new Map();

async function confluent(value) {
  if (value[0] !== 0) throw new Error("not in Confluent's wire format");
  const id = value.readInt32BE(1);
  if (!byId.has(id)) {
    const answer = await fetch(`${registry}/schemas/ids/${id}`);
    if (!answer.ok) throw new Error(`the registry answers ${answer.status} for schema ${id}`);
    byId.set(id, avro.Type.forSchema(JSON.parse((await answer.json()).schema)));
  }
  return byId.get(id).decode(value, 5).value;
}

const kafka = new kafkajs.Kafka({clientId: 'example-node', brokers: [broker], logLevel: kafkajs.logLevel.ERROR});
const consumer = kafka.consumer({groupId: 'example-node'}); // reads what is committed, as KafkaJS does by default
const seen = new Map();
let heard = Date.now();
await consumer.connect();
await consumer.subscribe({topics: ['sidewire.exchanges'], fromBeginning: true});
await consumer.run({
  eachMessage: async ({message}) => {
    heard = Date.now();
    const exchange = registry ? await confluent(message.value) : singleObject(message.value);
    // An exchange is told again as more of it is known: its highest revision counts.
    const before = seen.get(exchange.exchangeId) ?? -1;
    seen.set(exchange.exchangeId, Math.max(before, exchange.revision));
    if (exchange.outcome !== 'OPEN' && exchange.revision > before) {
      const millis = exchange.totalMicros === null ? NaN : exchange.totalMicros / 1000;
      console.log(`${exchange.flowType} ${exchange.operation} ${exchange.target} ${millis.toFixed(1)} ms`);
    }
  },
});
consumer.on(consumer.events.GROUP_JOIN, () => { heard = Date.now(); });
const timer = setInterval(async () => {
  if (Date.now() - heard > patience) {
    clearInterval(timer);
    await consumer.disconnect();
  }
}, 200);
