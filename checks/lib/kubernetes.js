// Validates manifests (a JSON array on standard input) against the schemas of the Kubernetes API; argument: a node_modules folder.
const models = process.argv[2];
let failed = false;
for (const manifest of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
  const name = `${manifest.apiVersion} ${manifest.kind} ${manifest.metadata.name}`;
  try {
    const Kind = require(`${models}/kubernetes-models/${manifest.apiVersion}/${manifest.kind}`)[manifest.kind];
    new Kind(manifest).validate();
  } catch (e) {
    failed = true;
    console.log(`          ${name}: ${e.message}`);
  }
}
process.exit(failed ? 1 : 0);
