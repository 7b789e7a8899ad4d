import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { run, workspace, type Finished } from './program.js';

const RUN = [
  ...['eval', 'run', '--no-serve', '--resources-server', 'mcqa', '--agent', 'mcqa_simple_agent'],
  ...['--model-type', 'inference_provider/embedded'],
  ...['--input', 'resources_servers/mcqa/data/example.jsonl', '--num-repeats', '2'],
];
const SIDES = ['.jsonl', '_materialized_inputs.jsonl', '_manifest.json', '_failures.jsonl'];

/** Somebody has changed a stored reward by hand: no command may take the row for a result. */
describe('a stored result without a reward', () => {
  let here: ReturnType<typeof workspace>;
  const ng = (...args: string[]): Promise<Finished> => run(args, { cwd: here.cwd });
  const file = (name: string): string => path.join(here.cwd, name);

  /** The run under another name, its third line changed. Returns the line as it was. */
  function edited(name: string, change: (line: string) => string | null): string {
    for (const side of SIDES) {
      if (existsSync(file(`good${side}`)))
        writeFileSync(file(name + side), readFileSync(file(`good${side}`), 'utf8'));
    }
    const lines = readFileSync(file('good.jsonl'), 'utf8').trimEnd().split('\n');
    const was = lines[2]!;
    const text = lines.flatMap((line, i) => (i === 2 ? (change(line) ?? []) : line));
    writeFileSync(file(`${name}.jsonl`), `${text.join('\n')}\n`);
    return was;
  }
  const reward = (value: string) => (line: string) => line.replace(/"reward":[\d.]+/, `"reward":${value}`);

  beforeAll(async () => {
    await ensureBuilt();
    here = workspace({});
    expect((await ng(...RUN, '--output', 'good.jsonl')).code).toBe(0);
  });
  afterAll(() => {
    here.remove();
  });

  it.each([
    ['missing', (line: string) => line.replace(/"reward":[\d.]+,?/, ''), 'is missing'],
    ['text', reward('"1.0"'), 'is not a finite number but "1.0"'],
    ['NaN', reward('NaN'), 'is not a finite number but NaN'],
    ['true', reward('true'), 'is not a finite number but true'],
    ['null', reward('null'), 'is not a finite number but null'],
    ['too large', reward('1e999'), 'is not a finite number but 1e999'],
  ])('%s: the run and the report name the line and the way on', async (_, change, words) => {
    const was = edited('bad', change);
    expect(readFileSync(file('bad.jsonl'), 'utf8')).not.toContain(was);
    for (const args of [
      [...RUN, '--output', 'bad.jsonl'],
      ['eval', 'report', 'bad.jsonl'],
    ]) {
      const { code, stdout, stderr } = await ng(...args);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/bad\.jsonl:3\b/);
      expect(stderr).toContain(words);
      expect(stderr).toContain('remove this line');
      expect(stderr).not.toContain('    at ');
    }
  });

  it('is refused by everything that reads rewards', async () => {
    edited('bad', reward('NaN'));
    const inputs = 'bad_materialized_inputs.jsonl';
    for (const args of [
      ['eval', 'report', 'bad.jsonl', '--html', 'page.html'],
      ['eval', 'report', 'bad.jsonl', '--output-format', 'junit'],
      ['eval', 'compare', 'good.jsonl', 'bad.jsonl'],
      ['eval', 'gate', 'bad.jsonl', '--rule', 'mean >= 0'],
      ['eval', 'plan', 'bad.jsonl'],
      ['eval', 'profile', '--inputs', inputs, '--rollouts', 'bad.jsonl'],
      ['eval', 'aggregate', '--input-glob', 'bad.jsonl', '--output', 'all.jsonl'],
      ['eval', 'status', '--output', 'bad.jsonl'],
      [
        ...['eval', 'reverify', '--resources-server', 'mcqa', '--inputs', inputs],
        ...['--rollouts', 'bad.jsonl', '--output', 'again.jsonl'],
      ],
    ]) {
      const { code, stderr } = await ng(...args);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toMatch(/bad\.jsonl:3\b/);
    }
    for (const name of ['page.html', 'all.jsonl', 'again.jsonl']) expect(existsSync(file(name))).toBe(false);
  });

  it('is owed once its line is gone, and the run then adds up everywhere', async () => {
    edited('cut', () => null);
    const report = async (): Promise<string> => (await ng('eval', 'report', 'cut.jsonl')).stdout;
    expect(await report()).toContain('10 rollouts planned = 9 scored + 1 owed');
    expect((await ng('eval', 'status', '--output', 'cut.jsonl')).stdout).toContain('9 scored');
    const { code, stdout, stderr } = await ng(...RUN, '--output', 'cut.jsonl');
    expect(code).toBe(0);
    expect(stdout + stderr).toContain('10 rollouts planned = 10 scored');
    expect(await report()).toContain('10 rollouts planned = 10 scored');
    const sorted = (name: string): string[] =>
      readFileSync(file(name), 'utf8')
        .split('\n')
        .map((line) => /"reward":[\d.]+/.exec(line)?.[0] ?? '')
        .sort();
    expect(sorted('cut.jsonl')).toEqual(sorted('good.jsonl'));
    const metrics = JSON.parse(readFileSync(file('cut_aggregate_metrics.json'), 'utf8')) as unknown;
    const whole = JSON.parse(readFileSync(file('good_aggregate_metrics.json'), 'utf8')) as unknown;
    expect(metrics).toEqual(whole);
  });

  it('an index that is no whole number is a damaged line, not a crash', async () => {
    edited('odd', (line) => line.replace(/"_ng_task_index":\d+/, '"_ng_task_index":"one"'));
    for (const args of [
      [...RUN, '--output', 'odd.jsonl'],
      ['eval', 'report', 'odd.jsonl'],
      ['eval', 'report', 'odd.jsonl', '--html', 'odd.html'],
    ]) {
      const { code, stderr } = await ng(...args);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toMatch(/odd\.jsonl:3\b/);
      expect(stderr).toContain('_ng_task_index is not a whole number');
    }
  });
});
