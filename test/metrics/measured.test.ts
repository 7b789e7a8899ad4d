import { describe, expect, it } from 'vitest';
import { createAggregator, mergeMeasured, slimText, writeJson } from '../../src/metrics/index.js';

function ours() {
  const aggregator = createAggregator();
  for (const [task, reward] of [
    [0, '1.0'],
    [2, '0.0'],
  ]) {
    aggregator.add(`{"_ng_task_index": ${task}, "_ng_rollout_index": 0, "reward": ${reward}}`);
  }
  return aggregator.finish();
}

describe('metrics that another server computed', () => {
  it('win over ours, task by task, in the form of the writer', () => {
    const answer = `{"agent_metrics": {"mean/reward": 0.25, "n": 3, "big": 12345678901234567890, "tiny": 1e-07,
      "list": [1.0, "a", null, true, {"x": 2.50}]}, "key_metrics": {"n": 3},
      "group_level_metrics": [{"_ng_task_index": 2, "easy": 1.0}, {"_ng_task_index": 7, "easy": 0.0}]}`;
    const {
      agent_metrics: agent,
      key_metrics: key,
      group_level_metrics: groups,
    } = mergeMeasured(ours(), answer);
    expect(writeJson(agent)).toContain('"mean/reward":0.25');
    expect(writeJson(agent)).toContain('"max/reward":1.0');
    expect(writeJson(agent)).toContain(
      '"n":3,"big":12345678901234567890,"tiny":1e-7,"list":[1.0,"a",null,true,{"x":2.5}]',
    );
    expect(writeJson(key)).toBe('{"n":3}');
    const tasks = [...groups].map((group) => JSON.parse(writeJson(group)) as Record<string, unknown>);
    expect(tasks.map(({ _ng_task_index: task, easy }) => [task, easy])).toEqual([
      [0, undefined],
      [2, 1],
    ]);
  });

  it('leave ours where they name no headline', () => {
    const { key_metrics: key } = mergeMeasured(ours(), '{"agent_metrics": {}, "key_metrics": {}}');
    expect(Object.keys(key)).toContain('mean/reward');
  });

  it.each(['[]', '{"detail": "no"}', '{"agent_metrics": 3, "key_metrics": {}}', 'oops', ''])(
    'are refused as %s',
    (answer) => expect(() => mergeMeasured(ours(), answer)).toThrow(),
  );
});

describe('slimText', () => {
  it('leaves the long parts out and every other value as it is written', () => {
    const row =
      '{"reward": 1.0, "responses_create_params": {"input": []}, "id": 12345678901234567890, "response": {"output": [1], ' +
      '"usage": {"total_tokens": 3}, "incomplete_details": null}, "ng_trajectory": {}, "a": {"b": 1.50}}';
    expect(slimText(row)).toBe(
      '{"reward":1.0,"id":12345678901234567890,"a":{"b": 1.50},"response":{"usage":{"total_tokens": 3}}}',
    );
    expect(slimText('{"response": null, "reward": 0}')).toBe('{"reward":0}');
    expect(slimText('{"response": {"incomplete_details": {"reason": "x"}}}')).toBe(
      '{"response":{"incomplete_details":{"reason": "x"}}}',
    );
  });
});
