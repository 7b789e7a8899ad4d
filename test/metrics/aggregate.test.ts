import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createAggregator,
  DuplicateRolloutError,
  scanRow,
  writeJson,
  type AggregatorOptions,
} from '../../src/metrics/index.js';
import { conformanceMissing, conformancePath } from '../support/conformance.js';
import { lossless } from './lossless.js';

interface Case {
  name: string;
  pass_majority: { score: string; answer_key: string } | null;
  verify_responses: Record<string, unknown>[];
  expected: Record<string, unknown>;
}

function cases(file: string): Case[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => lossless(line) as Case);
}

function aggregate(rows: readonly string[], options: AggregatorOptions = {}): Record<string, unknown> {
  const aggregator = createAggregator(options);
  for (const row of rows) aggregator.add(row);
  const { agent_metrics, key_metrics, group_level_metrics } = aggregator.finish();
  return { agent_metrics, key_metrics, group_level_metrics: [...group_level_metrics] };
}

function options(one: Case): AggregatorOptions {
  if (one.pass_majority === null) return { order: 'received' };
  const [score = '', field = ''] = one.pass_majority.score.split('=');
  return {
    order: 'received',
    passMajority: { scores: { [score]: field }, answerKey: one.pass_majority.answer_key },
  };
}

function check(one: Case): void {
  const rows = one.verify_responses.map((row) => writeJson(row));
  expect(writeJson(aggregate(rows, options(one)), 1)).toBe(writeJson(one.expected, 1));
}

describe.skipIf(conformanceMissing)('aggregate metrics of the reference', () => {
  const all =
    conformanceMissing === false ? cases(conformancePath('metrics', 'aggregate_metrics.jsonl')) : [];
  it('has the rows', () => {
    expect(all).toHaveLength(40);
  });
  it.each(all.map((one) => [one.name, one] as const))('%s, to the last digit and number form', (_, one) => {
    check(one);
  });
});

/** A row set of 0.7.0 whose metrics were computed by a server of the reference. */
interface Case07 {
  name: string;
  kind: 'server' | 'file';
  verify_responses?: Record<string, unknown>[];
  options: {
    pass_majority?: {
      score: string;
      answer_key: string;
      more_scores?: string[];
      subset_key?: string;
      key_metrics?: string;
      avg_sample_std_dev?: boolean;
      repeat?: boolean;
    };
  };
  expected: Record<string, Record<string, unknown>>;
}

const masksSome = ({ kind, verify_responses: rows = [] }: Case07): boolean =>
  kind === 'server' && rows.some((row) => Boolean(row['mask_sample']));

/** Families of 0.7.0 that say something of repeats, and means of a score that some rows lack: not looked at here. */
const ELSEWHERE = /^num_repeats$|_across_repeats\/|\[avg-of-\d+\]\/some/;

/** Values to twelve digits, zeros without a sign. */
function byValue(metrics: unknown): unknown {
  return JSON.parse(writeJson(metrics), (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(12)) + 0 : value,
  );
}

/** Values by key: 0.7.0's order of keys differs from call to call. */
function comparable(metrics: unknown): Record<string, unknown> {
  const kept = Object.entries(metrics as Record<string, unknown>)
    .filter(([key]) => !ELSEWHERE.test(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return byValue(Object.fromEntries(kept)) as Record<string, unknown>;
}

function options07({ pass_majority: declared }: Case07['options']): AggregatorOptions {
  if (declared === undefined) return { order: 'received' };
  const scores = [declared.score, ...(declared.more_scores ?? [])].map((text) => text.split('='));
  return {
    order: 'received',
    subsetKey: declared.subset_key,
    passMajority: { scores: Object.fromEntries(scores) as never, answerKey: declared.answer_key },
  };
}

describe.skipIf(conformanceMissing)('aggregate metrics of 0.7.0 where an environment masked rollouts', () => {
  const all =
    conformanceMissing === false
      ? readFileSync(conformancePath('gym-0.7', 'metrics07.jsonl'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => lossless(line) as Case07)
          .filter(masksSome)
      : [];
  it('has the rows', () => {
    expect(all.length).toBeGreaterThan(10);
  });
  it.each(all.map((one) => [one.name, one] as const))(
    '%s',
    (_, { verify_responses: rows, options, expected }) => {
      const found = aggregate(
        rows!.map((row) => writeJson(row as never)),
        options07(options),
      );
      const wanted = comparable(expected['agent_metrics']);
      const got = comparable(found['agent_metrics']);
      // Hooks that only some cases have add keys of their own; all that both sides compute must be equal.
      for (const key of Object.keys(got)) expect({ [key]: got[key] }).toEqual({ [key]: wanted[key] });
      const own = Object.keys(wanted).filter((key) => !(key in got));
      expect(own.filter((key) => !key.includes('avg_sample_std_dev'))).toEqual([]);
      if (options.pass_majority?.key_metrics === undefined) {
        expect(comparable(found['key_metrics'])).toEqual(comparable(expected['key_metrics']));
      }
      expect(byValue(found['group_level_metrics'])).toEqual(byValue(expected['group_level_metrics']));
    },
  );
});

describe('masked rollouts', () => {
  const scored =
    '{"_ng_task_index":0,"_ng_rollout_index":0,"reward":1.0,"mask_sample":false,"failure_kind":null}';
  const masked =
    '{"_ng_task_index":0,"_ng_rollout_index":1,"reward":0.0,"mask_sample":true,"failure_kind":3,"failure_reason":4}';

  it('are in no mean and counted under coverage; flags are no metrics', () => {
    expect(
      JSON.parse(
        writeJson(aggregate([scored, masked, masked.replace('"_ng_task_index":0', '"_ng_task_index":7')])),
      ),
    ).toMatchObject({
      agent_metrics: {
        'mean/reward': 1,
        'coverage/measured_rollouts': 1,
        'coverage/masked_rollouts': 2,
        'coverage/measured_tasks': 1,
        'coverage/fully_masked_tasks': 1,
      },
      key_metrics: { 'mean/reward': 1, 'coverage/masked_rollouts': 2 },
      group_level_metrics: [{ _ng_task_index: 0, num_rollouts: 1, missing_num_rollouts: 0 }],
    });
    const text = writeJson(aggregate([scored, scored.replace('index":0,"r', 'index":1,"r')]));
    expect(text).not.toMatch(/mask|failure|coverage/);
  });

  it('leave coverage alone when there is nothing else', () => {
    const coverage = {
      'coverage/measured_rollouts': 0,
      'coverage/masked_rollouts': 1,
      'coverage/measured_tasks': 0,
      'coverage/fully_masked_tasks': 1,
    };
    expect(aggregate([masked])).toEqual({
      agent_metrics: coverage,
      key_metrics: coverage,
      group_level_metrics: [],
    });
  });

  it('count for pass@k no more than for means', () => {
    const { agent_metrics: agent } = aggregate([scored, masked], { passMajority: {} });
    expect(JSON.parse(JSON.stringify(agent))).toMatchObject({ 'pass@1/accuracy': 100 });
    expect(agent).not.toHaveProperty('pass@2/accuracy');
  });

  it('are refused when they are there twice, or a scored rollout is there too', () => {
    expect(() => aggregate([masked, masked])).toThrow(DuplicateRolloutError);
    expect(() => aggregate([masked, masked.replace('"mask_sample":true', '"mask_sample":false')])).toThrow(
      DuplicateRolloutError,
    );
  });

  it.each(['true', '1', '"yes"', '0.5', '[0]'])('are those whose flag Python calls true: %s', (flag) => {
    expect(scanRow(`{"mask_sample":${flag}}`)).toMatchObject({ masked: true, numbers: [] });
  });

  it.each(['false', '0', '0.0', 'null', '""', '[]', '{}', '-0'])('and no others: %s', (flag) => {
    expect(scanRow(`{"mask_sample":${flag}}`)).toMatchObject({ masked: false, numbers: [] });
  });
});

describe('aggregate metrics against pandas', () => {
  const all = cases(path.resolve(import.meta.dirname, '../fixtures/stats/aggregate.jsonl'));
  it.each(all.map((one) => [one.name, one] as const))('%s', (_, one) => {
    check(one);
  });
});

const two = [
  '{"_ng_task_index":0,"_ng_rollout_index":1,"reward":1.0}',
  '{"_ng_task_index":0,"_ng_rollout_index":0,"reward":0.0}',
];

describe('createAggregator', () => {
  it('gives three empty parts for no rows', () => {
    expect(aggregate([])).toEqual({ agent_metrics: {}, key_metrics: {}, group_level_metrics: [] });
  });

  it('does not depend on the order of rows', () => {
    const passMajority = { answerKey: 'answer' };
    const rows = Array.from({ length: 40 }, (_, i) =>
      JSON.stringify({
        _ng_task_index: i % 7,
        _ng_rollout_index: Math.floor(i / 7),
        reward: (i * 37) % 11,
        answer: i % 3 === 0 ? null : 'AB'[i % 2],
        [i % 5 === 0 ? 'late' : 'early']: i / 3,
      }),
    );
    const shuffled = rows.map((_, i) => rows[(i * 17) % rows.length]!);
    expect(writeJson(aggregate(shuffled, { passMajority }))).toBe(
      writeJson(aggregate(rows, { passMajority })),
    );
  });

  it('refuses a rollout that is there twice', () => {
    expect(() => aggregate([...two, two[0]!])).toThrow(DuplicateRolloutError);
  });

  it('refuses a torn line', () => {
    expect(() => aggregate(['{"reward":1.0,"response":{"output":[{"te'])).toThrow(SyntaxError);
  });

  it('skips a score that is missing instead of counting it as 0', () => {
    const rows = [...two, '{"_ng_task_index":1,"_ng_rollout_index":0,"reward":null}'];
    const { agent_metrics: agent } = aggregate(rows, { passMajority: {} });
    expect(JSON.parse(JSON.stringify(agent))).toMatchObject({ 'mean/reward': 0.5, 'pass@1/accuracy': 50 });
  });

  it('keeps the digits of large integers', () => {
    const text = writeJson(aggregate(['{"reward":1.0,"seed":9007199254740993}']));
    expect(text).toContain('"seed":9007199254740993}');
  });

  it('repeats the pass@k family per subset', () => {
    const rows = two.map((row) => row.replace('}', ',"area":"algebra"}'));
    const { agent_metrics: agent } = aggregate([...rows, '{"_ng_task_index":1,"reward":1.0,"area":""}'], {
      passMajority: {},
      subsetKey: 'area',
    });
    expect(JSON.parse(JSON.stringify(agent))).toMatchObject({
      'pass@1/accuracy': 75,
      'algebra/pass@1/accuracy': 50,
      'algebra/pass@2/accuracy': 100,
    });
    expect(Object.keys(agent as object).filter((key) => key.startsWith('/'))).toEqual([]);
  });

  it("merges an environment's own metrics, seen without the response", () => {
    const seen: unknown[] = [];
    const result = aggregate(
      two.map((row) => row.replace('}', ',"response":{"id":"r","usage":{"input_tokens":3}}}')),
      {
        metrics(tasks) {
          seen.push(...tasks);
          return { 'own/tasks': tasks.length, per_task_metrics: [{ 'own/task': 1 }] };
        },
        keyMetrics: (metrics) => ({ 'mean/reward': metrics['mean/reward']!, 'own/ratio': 2 }),
      },
    );
    expect(seen).toEqual([
      [
        { _ng_task_index: 0, _ng_rollout_index: 0, reward: 0, response: { usage: { input_tokens: 3 } } },
        { _ng_task_index: 0, _ng_rollout_index: 1, reward: 1, response: { usage: { input_tokens: 3 } } },
      ],
    ]);
    const text = writeJson(result);
    expect(text).toContain('"own/tasks":1.0');
    expect(text).toContain('"own/task":1.0');
    expect(text).toContain('"key_metrics":{"mean/reward":0.5,"own/ratio":2.0}');
  });
});
