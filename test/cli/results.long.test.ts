import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.js';
import { run, workspace, type Finished } from './program.js';

/** Reads results as a user does: two stored runs, and the commands that look at them. */
describe('the commands that read results', () => {
  let here: ReturnType<typeof workspace>;
  const ng = (...args: string[]): Promise<Finished> => run(args, { cwd: here.cwd });
  const collect = (output: string, repeats: number): Promise<Finished> =>
    ng(
      ...[
        'eval',
        'run',
        '--no-serve',
        '--resources-server',
        'mcqa',
        '--model-type',
        'inference_provider/embedded',
      ],
      ...['--agent', 'mcqa_simple_agent', '--input', 'resources_servers/mcqa/data/example.jsonl'],
      ...['--output', output, '--num-repeats', String(repeats)],
    );

  beforeAll(async () => {
    await ensureBuilt();
    here = workspace({});
    expect((await collect('a.jsonl', 1)).code).toBe(0);
    expect((await collect('b.jsonl', 3)).code).toBe(0);
  });
  afterAll(() => {
    here.remove();
  });

  it.each([
    ['text', /^Complete\n/],
    ['markdown', /^\| agent +\|/m],
    ['json', /^\{\n/],
    ['junit', /^<\?xml version="1.0"/],
  ])('ng eval report --output-format %s', async (format, form) => {
    const { code, stdout, stderr } = await ng('eval', 'report', 'b.jsonl', '--output-format', format);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(form);
  });

  it('ng eval report --html writes a page, and --to the text', async () => {
    const { code } = await ng('eval', 'report', 'b.jsonl', '--html', 'out/b.html', '--to', 'out/b.txt');
    expect(code).toBe(0);
    expect(readFileSync(path.join(here.cwd, 'out/b.html'), 'utf8')).toContain('mcqa_simple_agent');
    expect(readFileSync(path.join(here.cwd, 'out/b.txt'), 'utf8')).toContain(
      '15 rollouts planned = 15 scored',
    );
  });

  it('writes the step summary where GitHub looks', async () => {
    const summary = path.join(here.cwd, 'summary.md');
    await run(['eval', 'report', 'b.jsonl'], { cwd: here.cwd, env: { GITHUB_STEP_SUMMARY: summary } });
    expect(readFileSync(summary, 'utf8')).toContain('15 rollouts planned = 15 scored');
  });

  it('ng eval compare pairs the tasks of two runs', async () => {
    const { code, stdout } = await ng('eval', 'compare', 'a.jsonl', 'b.jsonl', '--json');
    expect(code).toBe(0);
    const [compared] = (JSON.parse(stdout) as { agents: { agent: string }[] }).agents;
    expect(compared?.agent).toBe('mcqa_simple_agent');
  });

  it.each([
    ['pass', 0, ['--rule', 'mean >= 0.5', '--rule', 'coverage >= 95%']],
    ['breach', 1, ['--rule', 'mean >= 0.95']],
    ['pass', 0, ['--rule', 'regression <= 0.9', '--baseline', 'a.jsonl']],
  ])('ng eval gate: %s is exit code %i', async (verdict, expected, args) => {
    const { code, stdout } = await ng('eval', 'gate', 'b.jsonl', ...args);
    expect(code).toBe(expected);
    expect(stdout).toMatch(new RegExp(`^Gate: ${verdict}\\n`));
  });

  it('ng eval gate never passes an incomplete run', async () => {
    for (const end of ['.jsonl', '_materialized_inputs.jsonl', '_manifest.json', '_failures.jsonl']) {
      if (!existsSync(path.join(here.cwd, `b${end}`))) continue;
      const lines = readFileSync(path.join(here.cwd, `b${end}`), 'utf8');
      writeFileSync(path.join(here.cwd, `cut${end}`), end === '.jsonl' ? lines.replace(/.*\n$/, '') : lines);
    }
    const { code, stdout } = await ng('eval', 'gate', 'cut.jsonl', '--rule', 'mean >= 0.1');
    expect(stdout).toMatch(/^Gate: incomplete\n/);
    expect(code).toBe(3);
  });

  it('ng eval report fails tasks of low reward in JUnit when asked to', async () => {
    const junit = ['eval', 'report', 'b.jsonl', '--output-format', 'junit'];
    const plain = await ng(...junit);
    const strict = await ng(...junit, '--fail-below', '1');
    expect([plain.code, strict.code]).toEqual([0, 0]);
    expect(plain.stdout).toMatch(/^<testsuites .* failures="0"/m);
    expect(strict.stdout).toMatch(/<failure message="mean reward \S+ is below 1" type="reward">/);
  });

  it('ng eval plan tells what would halve the interval', async () => {
    const { code, stdout } = await ng('eval', 'plan', 'b.jsonl');
    expect(code).toBe(0);
    expect(stdout).toContain('would halve the interval');
  });

  it.each([
    [['eval', 'report'], '"ng eval report" needs the rollouts file of a run.'],
    [['eval', 'compare', 'a.jsonl'], '"ng eval compare" needs the rollouts files of two runs.'],
    [['eval', 'report', 'b.jsonl', '--output-format', 'jnit'], 'Did you mean "junit"?'],
    [['eval', 'report', 'b.jsonl', '--fail-below', '1'], 'means nothing without --output-format junit.'],
    [
      ['eval', 'report', 'b.jsonl', '--output-format', 'junit', '--fail-below', 'one'],
      '"one" is not a number for --fail-below.',
    ],
    [['eval', 'gate', 'b.jsonl', '--rule', 'meen >= 1'], 'Did you mean "mean"?'],
    [['eval', 'gate', 'b.jsonl'], 'rule'],
    [['eval', 'compare', 'a.jsonl', 'b.jsonl', '--flips', 'many'], '"many" is not a number for --flips.'],
    [['eval', 'plan', 'nope.jsonl'], 'nope.jsonl'],
  ])('explains a mistake: %j', async (args, words) => {
    const { code, stderr } = await ng(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).toContain('fix: ');
    expect(stderr).not.toContain('    at ');
  });
});
