// npm run bench: every benchmark, or those named: `npm run bench -- collector translate`.
import { existsSync } from 'node:fs';
import path from 'node:path';

const ALL = ['collector', 'translate', 'journal', 'aggregate', 'gateway', 'platform', 'limiter'];
const wanted =
  process.argv.slice(2).length > 0
    ? process.argv.slice(2)
    : ALL.filter((name) => existsSync(path.join(import.meta.dirname, `${name}.mjs`)));

for (const name of wanted) {
  if (!existsSync(path.join(import.meta.dirname, `${name}.mjs`))) {
    console.error(`No benchmark "${name}". There are: ${ALL.join(', ')}`);
    process.exit(2);
  }
  console.log(`\n=== ${name}`);
  const { run } = await import(`./${name}.mjs`);
  await run();
}
