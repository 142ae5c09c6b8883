// Asks a model over TLS, with the key log of Node's own: a call, and one more for each line that it reads.
const https = require('node:https');
const fs = require('node:fs');
const readline = require('node:readline');

const [name, port, certificate] = process.argv.slice(2);
const agent = new https.Agent({keepAlive: true, maxSockets: 1});

function ask(stream) {
  const body = JSON.stringify({model: 'gpt-4o', stream, messages: [{role: 'user', content: 'hello'}]});
  return new Promise((resolve, reject) => {
    const request = https.request({
      agent, host: '127.0.0.1', port, servername: name, ca: fs.readFileSync(certificate), method: 'POST',
      path: '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
      headers: {host: name, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'api-key': 'a-secret-of-node'},
    }, answer => {
      answer.resume();
      answer.on('end', () => { console.log(answer.statusCode); resolve(); });
    });
    request.on('error', reject);
    request.end(body);
  });
}

(async () => {
  await ask(false);
  for await (const line of readline.createInterface({input: process.stdin})) await ask(true);
  agent.destroy();
})();
