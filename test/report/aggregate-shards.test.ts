import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aggregateFile, createRunAggregator } from '../../src/metrics/index.js';
import { aggregateShards } from '../../src/report/index.js';
import { tempFolder } from './temp-folder.js';

const row = (task: number, rollout: number, reward: string): string =>
  `{"reward":${reward},"text":"ü\u2028","_ng_task_index":${task},"_ng_rollout_index":${rollout},"agent_ref":{"name":"a"}}`;

const shards = {
  's_1.jsonl': `${row(2, 0, '1.0')}\n\n${row(0, 1, '0.0')}`,
  's_0.jsonl': `${row(1, 0, '0.5')}\n${row(0, 0, '1.0')}\n`,
  's_0_failures.jsonl': '{"_ng_failure_class":"timeout_idle"}\n',
  's_0_materialized_inputs.jsonl': `${row(0, 0, '0')}\n`,
};

describe('aggregateShards', () => {
  it('merges shards in task order and writes the metrics of an undivided run', async () => {
    const cwd = tempFolder(shards);
    const found = await aggregateShards({ globs: 's_*.jsonl', output: 'out/all.jsonl', cwd });
    expect(found.inputs.map((file) => path.basename(file))).toEqual(['s_0.jsonl', 's_1.jsonl']);
    expect(found.skipped).toHaveLength(2);
    const rows = [row(0, 0, '1.0'), row(0, 1, '0.0'), row(1, 0, '0.5'), row(2, 0, '1.0')];
    expect(readFileSync(path.join(cwd, 'out/all.jsonl'), 'utf8')).toBe(`${rows.join('\n')}\n`);
    const whole = createRunAggregator();
    for (const text of rows) whole.add(text);
    expect(readFileSync(path.join(cwd, 'out/all_aggregate_metrics.json'), 'utf8')).toBe(
      [...aggregateFile(whole.finish())].join(''),
    );
  });

  it('takes several patterns, folders and character classes', async () => {
    const cwd = tempFolder();
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      mkdirSync(path.join(cwd, 'runs', name), { recursive: true });
      writeFileSync(path.join(cwd, 'runs', name, 'r.jsonl'), `${row(i, 0, '1.0')}\n`);
    }
    const read = async (globs: string): Promise<number> =>
      (await aggregateShards({ globs, output: 'm.jsonl', cwd, merge: false })).rows;
    expect(await read('runs/[ab]/r.jsonl, runs/a/*.jsonl')).toBe(2);
    expect(await read('runs/**/?.jsonl')).toBe(3);
    expect(await read('runs/[!ab]/*')).toBe(1);
    expect(existsSync(path.join(cwd, 'm.jsonl'))).toBe(false);
  });

  it('names both places of a rollout that is there twice, and writes nothing', async () => {
    const cwd = tempFolder({ 'a.jsonl': row(0, 0, '1.0'), 'b.jsonl': `\n${row(0, 0, '1.0')}` });
    await expect(aggregateShards({ globs: '*.jsonl', output: 'm.jsonl', cwd })).rejects.toMatchObject({
      code: 'REPORT_DUPLICATE_ROLLOUT',
      message: expect.stringMatching(/a\.jsonl:1\n.*b\.jsonl:2/) as string,
    });
    expect(existsSync(path.join(cwd, 'm.jsonl'))).toBe(false);
  });

  it('refuses an output that exists, and patterns that match nothing', async () => {
    const cwd = tempFolder(shards);
    await expect(aggregateShards({ globs: 's_?.jsonl', output: 's_1.jsonl', cwd })).rejects.toMatchObject({
      code: 'REPORT_OUTPUT_EXISTS',
    });
    await expect(
      aggregateShards({ globs: '*_failures.jsonl', output: 'm.jsonl', cwd }),
    ).rejects.toMatchObject({
      code: 'REPORT_NO_MATCH',
      message: expect.stringContaining('s_0_failures.jsonl') as string,
    });
  });
});
