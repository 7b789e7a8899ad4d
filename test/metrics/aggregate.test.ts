import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createAggregator,
  DuplicateRolloutError,
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
