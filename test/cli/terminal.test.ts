import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import { startProvider, type Provider } from '../support/provider/provider.mjs';
import { workspace } from './program.js';

const noPython = spawnSync('python3', ['-c', 'import pty']).status !== 0;
if (noPython) console.warn('no python3 with pty: the terminal display is not tested');

let provider: Provider;
let here: ReturnType<typeof workspace>;
beforeAll(async () => {
  await ensureBuilt();
  provider = await startProvider({ latency: 150 });
  here = workspace({
    'env.yaml': `preflight: false\npolicy_base_url: ${provider.baseUrl}\npolicy_api_key: sk-test-0123456789\npolicy_model_name: m\n`,
  });
});
afterAll(async () => {
  await provider.close();
  here.remove();
});

function onTerminal(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; text: string }> {
  const bin = path.join(REPOSITORY, 'bin/ng.js');
  const pty = path.join(import.meta.dirname, 'on-terminal.py');
  const child = spawn('python3', [pty, process.execPath, bin, ...args], {
    cwd: here.cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm-256color', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}

const collect = (output: string, env?: Record<string, string>) =>
  onTerminal(
    [
      ...['eval', 'run', '--resources-server', 'mcqa', '--model-type', 'inference_provider'],
      ...['--agent', 'mcqa_simple_agent', '--input', 'resources_servers/mcqa/data/example.jsonl'],
      ...['--output', output, '--num-repeats', '4', '--concurrency', '2'],
    ],
    env,
  );

describe.skipIf(noPython)('a run on a terminal', () => {
  it('redraws one bar, restores the terminal, and ends with the coloured summary', async () => {
    const { code, text } = await collect('bar.jsonl');
    expect(code).toBe(0);
    const drawn = [
      ...text.matchAll(/[█░]{24} (\d+)\/20 · scored (\d+) · failed 0 · [^\x1b]*in flight \d · ETA [\w-]+/g),
    ];
    expect(drawn.length).toBeGreaterThanOrEqual(2);
    expect(drawn.at(-1)![1]).toBe('20');
    // Line wrapping is switched off while the bar is drawn, and on again at the end.
    expect(text.lastIndexOf('\x1b[?7h')).toBeGreaterThan(text.lastIndexOf('\x1b[?7l'));
    expect(text.indexOf('20 rollouts planned = 20 scored')).toBeGreaterThan(text.lastIndexOf('█'));
    expect(text).toContain('\x1b[32m');
  });

  it('prints lines and no colours where the terminal cannot do more', async () => {
    const { code, text } = await collect('dumb.jsonl', { TERM: 'dumb' });
    expect(code).toBe(0);
    expect(text).toContain('20/20 (100 %) · scored 20');
    expect(text).not.toContain('\x1b');
  });

  it('respects NO_COLOR', async () => {
    const { text } = await collect('plain.jsonl', { NO_COLOR: '1' });
    expect(text).toContain('░');
    expect(text).not.toMatch(/\x1b\[3\dm/);
  });
});
