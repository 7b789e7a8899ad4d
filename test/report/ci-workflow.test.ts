import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ensureBuilt, REPOSITORY } from '../support/build.js';
import { tempFolder } from './temp-folder.js';

interface Step {
  name?: string;
  run?: string;
  env?: Record<string, string>;
}

interface Workflow {
  env: Record<string, string>;
  jobs: { evaluate: { steps: Step[] } };
}

const example = (name: string): string => path.join(REPOSITORY, 'docs/examples/ci', name);
const workflow = parse(readFileSync(example('evaluate.yml'), 'utf8')) as Workflow;

/** A checkout with `ng` on the path, as the steps before leave it; runs the steps that are ours as GitHub would. */
function runner(gate?: string) {
  const cwd = tempFolder();
  const bin = path.join(cwd, 'bin');
  mkdirSync(bin);
  writeFileSync(
    path.join(bin, 'ng'),
    `#!/bin/sh\nexec "${process.execPath}" "${REPOSITORY}/bin/ng.js" "$@"\n`,
  );
  chmodSync(path.join(bin, 'ng'), 0o755);
  if (gate === undefined) copyFileSync(example('gate.yaml'), path.join(cwd, 'gate.yaml'));
  else writeFileSync(path.join(cwd, 'gate.yaml'), gate);
  const summary = path.join(cwd, 'summary.md');
  const env = {
    ...workflow.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: cwd,
    POLICY_API_KEY: '',
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: summary,
  };
  const run = (name: string): { status: number | null; output: string } => {
    const step = workflow.jobs.evaluate.steps.find((one) => one.name === name)!;
    const done = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step.run!], { cwd, env, encoding: 'utf8' });
    return { status: done.status, output: done.stdout + done.stderr };
  };
  return { cwd, run, summary: () => readFileSync(summary, 'utf8') };
}

describe('the workflow of docs/ci.md', () => {
  beforeAll(ensureBuilt, 180_000);

  it('collects, reports and passes, and leaves what it uploads', () => {
    const { cwd, run, summary } = runner();
    expect(run('Collect rollouts')).toMatchObject({ status: 0 });
    expect(run('Report')).toMatchObject({ status: 0 });
    expect(run('Gate')).toMatchObject({ status: 0 });
    expect(summary()).toContain('| mcqa\\_simple\\_agent | 5 | 5 | 100.0% | 0.6000 |');
    expect(summary()).toContain('### Gate: pass');
    for (const name of ['mcqa.jsonl', 'junit.xml', 'report.html']) {
      expect(existsSync(path.join(cwd, 'results', name)), name).toBe(true);
    }
  });

  it('fails with exit code 1 and an annotation when a rule does not hold', () => {
    const { run } = runner('rules:\n  - mean >= 0.9\n');
    expect(run('Collect rollouts').status).toBe(0);
    const gate = run('Gate');
    expect(gate.status).toBe(1);
    expect(gate.output).toContain(
      '::error title=breach%3A mcqa_simple_agent%3A mean >= 0.9::mcqa_simple_agent: mean >= 0.9: found 0.6',
    );
  });

  it('uses the three commands that the page names, and no others', () => {
    const used = workflow.jobs.evaluate.steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/\bng (eval \w+)/g)].map(([, command]) => command),
    );
    expect([...new Set(used)]).toEqual(['eval run', 'eval report', 'eval gate']);
  });
});
