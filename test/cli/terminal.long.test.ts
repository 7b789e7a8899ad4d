import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import { startProvider, type FaultLike, type Provider } from '../support/provider/provider.mjs';
import { workspace } from './program.js';

const noPython = spawnSync('python3', ['-c', 'import pty']).status !== 0;
if (noPython) console.warn('no python3 with pty: the terminal display is not tested');

let provider: Provider;
let here: ReturnType<typeof workspace>;
let faultFor: () => FaultLike | undefined = () => undefined;
beforeAll(async () => {
  await ensureBuilt();
  provider = await startProvider({ latency: 150, faultFor: () => faultFor() });
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
  { terminal = [], through = [] }: { terminal?: string[]; through?: string[] } = {},
): Promise<{ code: number | null; text: string }> {
  const bin = path.join(REPOSITORY, 'bin/ng.js');
  const pty = path.join(import.meta.dirname, 'on-terminal.py');
  const child = spawn('python3', [pty, ...terminal, ...through, process.execPath, bin, ...args], {
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

/** The lines that were ever drawn, without the commands to the terminal. */
const drawnLines = (text: string): string[] =>
  text
    .replaceAll(/\x1b\[\d*G/g, '\n')
    .replaceAll(/\x1b\[[\d;?]*[A-Za-z]/g, '')
    .split(/[\r\n]+/);

describe.skipIf(noPython)('a narrow terminal', () => {
  const WARNING_ROWS = `${JSON.stringify({
    responses_create_params: { input: [{ role: 'user', content: 'Question. [answer: \\boxed{B}]' }] },
    options: [{ A: 'no' }, { B: 'yes' }],
    expected_answer: 'B',
    grading_mode: 'strict_single_letter_boxed',
  })}\n`;

  const run = (columns: number, fault: FaultLike | undefined, output: string) => {
    let asked = 0;
    faultFor = () => (asked++ === 3 ? fault : undefined);
    writeFileSync(path.join(here.cwd, 'rows.jsonl'), WARNING_ROWS);
    return onTerminal(
      [
        ...['eval', 'run', '--resources-server', 'mcqa', '--model-type', 'inference_provider'],
        ...['--agent', 'mcqa_simple_agent', '--input', 'rows.jsonl', '--output', output],
        ...['--num-repeats', '16', '--concurrency', '2'],
      ],
      {},
      { terminal: ['--columns', String(columns)] },
    );
  };

  it.each([80, 140])('of %i columns shows rate, ETA and in flight, and warnings whole', async (columns) => {
    const long =
      'a long explanation of what is wrong with this request that fills more than one line of the terminal';
    const fault = { kind: 'status', status: 400, message: `${long}, and its end` } as const;
    const { code, text } = await run(columns, fault, `narrow-${columns}.jsonl`);
    expect(code).toBe(3);
    const lines = drawnLines(text);
    const bars = lines.filter((line) => /\d+\/16 ·/.test(line) && !line.includes('starting'));
    expect(bars.length).toBeGreaterThanOrEqual(2);
    for (const line of bars) {
      expect(line.length).toBeLessThan(columns);
      expect(line).toMatch(/[\d.]+( rollouts)?\/s/);
      expect(line).toMatch(/(\d+ in flight|in flight \d+)/);
      expect(line).toMatch(/ETA (\d+s|-)$/);
      expect(line.includes('░') || line.includes('█')).toBe(columns > 80);
    }
    // Before the summary nothing is wider than the terminal; put together again the warning is as it was.
    const begin = lines.findIndex((line) => line.startsWith('warning:'));
    const end = lines.findIndex((line) => line.endsWith('its end'));
    const warning = lines.slice(begin, end + 1);
    expect(warning.every((line) => line.length < columns)).toBe(true);
    expect(warning.join(' ')).toMatch(
      new RegExp(`^warning: policy_model: bad_request: http://\\S+: HTTP 400: ${long}, and its end$`),
    );
  });
});

describe.skipIf(noPython)('a terminal that is closed', () => {
  const args = (output: string): string[] => [
    ...['eval', 'run', '--resources-server', 'mcqa', '--model-type', 'inference_provider'],
    ...['--agent', 'mcqa_simple_agent', '--input', 'resources_servers/mcqa/data/example.jsonl'],
    ...['--output', output, '--num-repeats', '8', '--concurrency', '2'],
  ];
  const stored = (output: string): number =>
    readFileSync(path.join(here.cwd, output), 'utf8').split('\n').length - 1;

  it('drains the run, as SIGTERM does', async () => {
    const { code } = await onTerminal(args('closed.jsonl'), {}, { terminal: ['--hang-up', 'closed.jsonl'] });
    expect(code).toBe(130);
    expect(stored('closed.jsonl')).toBeGreaterThanOrEqual(1);
    expect(stored('closed.jsonl')).toBeLessThan(40);
    expect(existsSync(path.join(here.cwd, 'closed.jsonl.lock'))).toBe(false);
  });

  it('does not matter to a run that was started with nohup', async () => {
    const { code } = await onTerminal(
      args('nohup.jsonl'),
      {},
      { terminal: ['--hang-up', 'nohup.jsonl'], through: ['nohup'] },
    );
    expect(code).toBe(0);
    expect(stored('nohup.jsonl')).toBe(40);
  });
});
