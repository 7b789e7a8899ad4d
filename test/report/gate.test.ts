import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runGate, type GateOptions } from '../../src/report/index.js';
import { MIXED, storedRun, type Told } from './sample-run.js';
import { tempFolder } from './temp-folder.js';

const golden = (name: string): string => path.resolve(import.meta.dirname, 'golden', name);

/** A letter per task: r right, w wrong, f failed. */
function run(letters: string, more: Partial<Told> = {}): string {
  return storedRun(
    letters.split('').map((letter, task) => ({
      task,
      ...(letter === 'f' ? { failures: ['overloaded'] } : { reward: letter === 'r' ? 1 : 0 }),
      ...more,
    })),
  );
}

async function verdict(options: GateOptions): Promise<string> {
  const { gate, exitCode } = await runGate(options);
  expect(exitCode).toBe({ pass: 0, breach: 1, incomplete: 3, inconclusive: 4 }[gate.verdict]);
  return gate.verdict;
}

describe('verdicts', () => {
  it.each([
    // 10 tasks; nothing is missing.
    ['rrrrrrrwww', ['mean >= 0.7'], 'pass'],
    ['rrrrrrrwww', ['reward > 70%'], 'breach'],
    ['rrrrrrrwww', ['mean >= 0.7', 'mean <= 0.5'], 'breach'],
    // One rollout is missing: it could lift the mean of 0.6 to 0.7, not to 0.8.
    ['rrrrrrwwwf', ['mean >= 0.7'], 'inconclusive'],
    ['rrrrrrwwwf', ['mean >= 0.8'], 'breach'],
    // Whatever it would have been, the rule holds; but an incomplete run never passes …
    ['rrrrrrwwwf', ['mean >= 0.5'], 'incomplete'],
    // … unless the rules say how much may be missing.
    ['rrrrrrwwwf', ['mean >= 0.5', 'coverage >= 0.9'], 'pass'],
    ['rrrrrrwwwf', ['mean >= 0.5', 'coverage >= 95%'], 'incomplete'],
    ['ffffffffff', ['mean >= 0.5'], 'incomplete'],
  ])('%s with %j: %s', async (letters, rules, expected) => {
    expect(await verdict({ rollouts: run(letters), rules })).toBe(expected);
  });

  it('asks for certainty when a rule states a confidence', async () => {
    const rulesFile = path.join(tempFolder({}), 'gate.yaml');
    const at = async (letters: string, limit: number): Promise<string> => {
      writeFileSync(rulesFile, `rules:\n  - {rule: mean >= ${limit}, confidence: 0.95}\n`);
      return verdict({ rollouts: run(letters), rulesFile });
    };
    // Wilson for 30 of 40: [0.598, 0.858].
    const letters = 'r'.repeat(30) + 'w'.repeat(10);
    expect(await at(letters, 0.59)).toBe('pass');
    expect(await at(letters, 0.7)).toBe('inconclusive');
    expect(await at(letters, 0.9)).toBe('breach');
  });

  it('measures regressions task by task against a baseline', async () => {
    const baseline = run('rrrrwwwwww');
    const rules = ['regression <= 0.1'];
    expect(await verdict({ rollouts: run('rrrwwwwwww'), baseline, rules })).toBe('pass');
    expect(await verdict({ rollouts: run('rrwwwwwwww'), baseline, rules })).toBe('breach');
    expect(await verdict({ rollouts: run('wwwwrrrrrr'), baseline, rules })).toBe('pass');
    expect(await verdict({ rollouts: run('rrwwwwwwwf'), baseline, rules })).toBe('inconclusive');
    await expect(runGate({ rollouts: baseline, rules })).rejects.toMatchObject({
      code: 'GATE_NEEDS_BASELINE',
    });
  });

  it('looks at subsets, repeats, resources', async () => {
    const complete = MIXED.map((told, i) => ({
      ...told,
      reward: i % 2,
      failures: [],
      ms: 2000,
      cost: 0.01,
    }));
    const rollouts = storedRun(complete);
    const holds = (rule: string): Promise<string> => verdict({ rollouts, rules: [rule] });
    expect(await holds('mean[metadata.category=algebra] >= 0.5')).toBe('pass');
    expect(await holds('mean[metadata.category=nothing] >= 0.5')).toBe('inconclusive');
    expect(await holds('pass@2 >= 1')).toBe('pass');
    expect(await holds('pass@1 >= 0.51')).toBe('breach');
    expect(await holds('pass^2 >= 0.1')).toBe('breach');
    expect(await holds('latency_p95 <= 2')).toBe('pass');
    expect(await holds('cost <= 0.08')).toBe('pass');
    expect(await holds('cost_per_rollout < 0.01')).toBe('breach');
    expect(await holds('output_tokens <= 79')).toBe('breach');
  });

  it('cannot be sure of a cost that is partly unknown', async () => {
    const rollouts = storedRun([
      { task: 0, reward: 1, cost: 2 },
      { task: 1, reward: 1 },
    ]);
    expect(await verdict({ rollouts, rules: ['cost <= 3'] })).toBe('inconclusive');
    expect(await verdict({ rollouts, rules: ['cost <= 1'] })).toBe('breach');
  });
});

describe('what it writes', () => {
  const rules = ['mean >= 0.5', 'mean[metadata.category=algebra] >= 0.9', 'coverage >= 0.5', 'cost <= 1'];

  it.each([
    ['text', 'gate.txt'],
    ['markdown', 'gate.md'],
    ['json', 'gate.json'],
    ['junit', 'gate.xml'],
  ] as const)('%s', async (format, file) => {
    const { text } = await runGate({ rollouts: storedRun(MIXED), rules, format });
    await expect(text).toMatchFileSnapshot(golden(file));
  });

  it('tells GitHub, in the summary and in annotations, the same verdict', async () => {
    const summary = path.join(tempFolder(), 'summary.md');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { text } = await runGate({ rollouts: storedRun(MIXED), rules, env });
    expect(readFileSync(summary, 'utf8')).toContain('### Gate: breach');
    expect(text).toContain(
      '\n::error title=breach%3A ag%3A mean[metadata.category=algebra] >= 0.9::ag: mean[metadata.category=algebra] >= 0.9: found 0.75\n',
    );
    const json = await runGate({ rollouts: storedRun(MIXED), rules, env, format: 'json' });
    expect(() => JSON.parse(json.text) as unknown).not.toThrow();
  });
});

describe('rules that cannot be used', () => {
  it.each([
    ['mean is good', /not a comparison/],
    ['maen >= 0.5', /"maen" is no metric.*Did you mean "mean"/],
    ['pass@k >= 0.5', /no metric|not a comparison/],
    ['mean[algebra] >= 0.5', /"algebra" is not field=value/],
  ])('%s', async (rule, message) => {
    await expect(runGate({ rollouts: run('r'), rules: [rule] })).rejects.toThrow(message);
  });

  it.each([
    ['rules: 5', /no list "rules"/],
    ['rules:\n  - {rule: mean > 0, confidense: 0.9}', /unknown key "confidense".*Did you mean "confidence"/],
    ['rules:\n  - {rule: mean > 0, confidence: 95}', /between 0.5 and 1/],
    ['rules: [', /rule/],
    ['rules:\n  - {rule: mean > 0, agent: aG}', /no agent "aG".*Did you mean "ag"/],
  ])('in a file: %s', async (text, message) => {
    const rulesFile = path.join(tempFolder({ 'gate.yaml': text }), 'gate.yaml');
    await expect(runGate({ rollouts: run('r'), rulesFile })).rejects.toThrow(message);
  });

  it('no rules at all', async () => {
    await expect(runGate({ rollouts: run('r') })).rejects.toMatchObject({ code: 'GATE_NO_RULES' });
  });
});
