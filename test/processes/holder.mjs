/** Starts a stubborn child through the built program and waits to be killed: `node holder.mjs <port> <note>`. */
import path from 'node:path';

const { supervise, httpProbe } = await import(
  path.resolve(import.meta.dirname, '../../dist/processes/index.js')
);
const [, , port, note] = process.argv;
const held = supervise({
  name: 'held',
  command: process.execPath,
  args: [path.join(import.meta.dirname, 'children.mjs'), 'stubborn', note],
  cwd: import.meta.dirname,
  env: { ...process.env, PORT: port },
  log: { file: null },
  ready: httpProbe(`http://127.0.0.1:${port}/`),
  readyMs: 30_000,
  graceMs: 500,
  hint: '',
  time: { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  notify: () => undefined,
});
await held.ready;
console.log('ready');
