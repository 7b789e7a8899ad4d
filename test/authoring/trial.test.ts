import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { initEnvironment, KINDS } from '../../src/authoring/index.js';
import { startJudge, Trial } from '../../src/authoring/trial/trial.js';
import { defineEnvironment } from '../../src/environments/index.js';
import type { EnvironmentDefinition } from '../../src/environments/index.js';
import { outputText } from '../../src/protocol/index.js';
import { systemClock } from '../../src/transport/index.js';

let cwd: string;
beforeAll(() => (cwd = mkdtempSync(path.join(tmpdir(), 'ngym-authoring-'))));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const SCAFFOLD = path.resolve(import.meta.dirname, '../../data/scaffold');
const CASES = 'tests/cases.jsonl';

/** A folder with the rows and cases of a kind. */
function folderOf(kind: string): string {
  const folder = mkdtempSync(path.join(cwd, `${kind}-`));
  for (const leaf of ['data', 'tests']) mkdirSync(path.join(folder, leaf));
  cpSync(path.join(SCAFFOLD, kind, 'example.jsonl'), path.join(folder, 'data/example.jsonl'));
  cpSync(path.join(SCAFFOLD, kind, 'cases.jsonl'), path.join(folder, CASES));
  return folder;
}

async function tried(definition: EnvironmentDefinition, folder: string, updateExpected = false) {
  const judge = await startJudge(folder);
  const environment = definition.create('e', {}, { clock: systemClock, random: () => 0 });
  const options = {
    name: 'e',
    folder,
    range: [0, 1] as const,
    turns: environment.step !== undefined,
    updateExpected,
  };
  return new Trial(environment, judge, options).run().finally(() => judge.close());
}

/** The environments of the scaffold, as a slip of the pen may change them. */
const lastNumber = (text: string): number | null => Number(text.match(/-?\d+/g)?.at(-1) ?? NaN) || null;
const sum = (reward = (right: boolean): number => Number(right), more: () => object = () => ({})) =>
  defineEnvironment({
    name: 'sum',
    row: z.object({ expected: z.number().int() }),
    verify: ({ row, response }) => {
      const answer = lastNumber(outputText(response));
      return { reward: reward(answer === row.expected), answer, ...more() };
    },
  });
const total = (open = () => ({ total: 0, calls: 0 })) =>
  defineEnvironment({
    name: 'total',
    row: z.object({ wanted: z.number().int() }),
    open,
    tools: {
      add: {
        parameters: z.object({ amount: z.number().int() }),
        async run(session: { total: number; calls: number }, { amount }) {
          // Each call waits, so that episodes meet.
          await new Promise((resolve) => setTimeout(resolve, 2));
          session.total += amount;
          session.calls += 1;
          return { total: session.total };
        },
      },
    },
    verify: ({ session, row }) => ({ reward: Number(session.total === row.wanted), ...session }),
  });

describe('ng env init', () => {
  it.each(KINDS)('%s: every file that it tells of', async (kind) => {
    const made = await initEnvironment({ name: `new_${kind}`, kind, lang: 'ts', cwd, taken: new Set() });
    for (const file of made.files) {
      const text = readFileSync(path.join(made.folder, file), 'utf8');
      expect(text).not.toMatch(/my_environment|MY_/);
    }
    expect(made.files).toContain(CASES);
  });

  it('needs a name that can be one, that is free, and a folder that is not there', async () => {
    const make = (name: string) =>
      initEnvironment({ name, kind: 'verifier', lang: 'py', cwd, taken: new Set(['mcqa']) });
    await expect(make('Not-So')).rejects.toMatchObject({ code: 'ENVIRONMENT_NAME_INVALID' });
    await expect(make('mcqa')).rejects.toMatchObject({ code: 'ENVIRONMENT_NAME_TAKEN' });
    await make('twice');
    await expect(make('twice')).rejects.toMatchObject({ code: 'ENVIRONMENT_FOLDER_THERE' });
    expect(existsSync(path.join(cwd, 'resources_servers/twice/server.py'))).toBe(true);
  });
});

describe('ng env test', () => {
  it('passes what is as it must be', async () => {
    const right = { right: 5, all: 5 };
    const passed = { rows: right, cases: right, together: 5, findings: [] };
    expect(await tried(sum(), folderOf('verifier'))).toMatchObject(passed);
    expect(await tried(total(), folderOf('tools'))).toMatchObject(passed);
  });

  it('tells of a verdict that is otherwise, and of a reward out of range', async () => {
    const { findings, cases } = await tried(
      sum((right) => (right ? 2 : 0)),
      folderOf('verifier'),
    );
    expect(cases).toEqual({ right: 4, all: 5 });
    expect(findings.map(({ where, what }) => `${where}: ${what}`)).toEqual([
      'tests/cases.jsonl:1 right: reward: 2, expected 1',
      'tests/cases.jsonl:1 right: the reward 2 is outside of reward_range [0, 1]',
    ]);
  });

  it('tells of sessions that see each other', async () => {
    const shared = { total: 0, calls: 0 };
    const leaky = total(() => Object.assign(shared, { total: 0, calls: 0 }));
    const { findings } = await tried(leaky, folderOf('tools'));
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every(({ what }) => what.endsWith('sessions see each other'))).toBe(true);
  });

  it('tells of a verdict that is another one the next time', async () => {
    let moods = 0;
    const { findings } = await tried(
      sum(undefined, () => ({ moods: (moods += 1) })),
      folderOf('verifier'),
    );
    expect(findings[0]!.what).toBe('played again it comes to something else');
  });

  it('tells of a row that does not fit, and of a line that is none', async () => {
    const folder = folderOf('verifier');
    appendFileSync(path.join(folder, 'data/example.jsonl'), '{"responses_create_params":{"input":[]}}\n');
    const { rows, findings } = await tried(sum(), folder);
    expect(rows).toEqual({ right: 5, all: 6 });
    expect(findings).toMatchObject([
      { where: 'data/example.jsonl:6', what: expect.stringContaining('expected') },
    ]);
    appendFileSync(path.join(folder, CASES), '{"case":"x"}\n');
    await expect(tried(sum(), folder)).rejects.toMatchObject({
      code: 'ENVIRONMENT_CASE_UNREADABLE',
      where: { file: path.join(folder, CASES), line: 6 },
    });
  });

  it('plays recorded rollouts, tool calls and all', async () => {
    const folder = folderOf('tools');
    const call = { type: 'function_call', call_id: 'c', name: 'add', arguments: '{"amount":12}' };
    const rollout = (reward: number): string =>
      `${JSON.stringify({ response: { output: [call] }, reward, _ng_task_index: 0 })}\n`;
    writeFileSync(path.join(folder, 'data/example_rollouts.jsonl'), rollout(1) + rollout(0));
    const { rollouts, findings } = await tried(total(), folder);
    expect(rollouts).toEqual({ right: 1, all: 2 });
    expect(findings).toEqual([{ where: 'data/example_rollouts.jsonl:2', what: 'reward: 1, expected 0' }]);
  });

  it('takes what comes out as what is expected', async () => {
    const folder = folderOf('verifier');
    const half = sum((right) => (right ? 0.5 : 0));
    expect((await tried(half, folder)).findings).toHaveLength(1);
    expect(await tried(half, folder, true)).toMatchObject({ updated: true, findings: [] });
    expect((await tried(half, folder)).findings).toEqual([]);
    expect(readFileSync(path.join(folder, CASES), 'utf8')).toContain('"reward":0.5');
  });
});
