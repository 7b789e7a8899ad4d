import { describe, expect, it } from 'vitest';
import { aggregateFile, createRunAggregator } from '../../src/metrics/index.js';

function row(agent: string, task: number, reward: string, extra = ''): string {
  return `{"reward":${reward}${extra},"_ng_task_index":${task},"_ng_rollout_index":0,"agent_ref":{"name":"${agent}"}}`;
}

describe('createRunAggregator', () => {
  it('keeps agents apart, sorted by name, each with its own metrics', () => {
    const run = createRunAggregator((agent) =>
      agent === 'b' ? { passMajority: { answerKey: 'answer' } } : {},
    );
    for (const line of [row('b', 0, '1.0', ',"answer":"A"'), row('a', 0, '0.0'), row('b', 1, '0.0')]) {
      run.add(line);
    }
    const found = run.finish();
    expect([...found.keys()]).toEqual(['a', 'b']);
    expect(Object.keys(found.get('a')!.agent_metrics)).not.toContain('pass@1/accuracy');
    expect(found.get('b')!.agent_metrics).toMatchObject({
      'pass@1/accuracy': { text: '50.0' },
      'majority@1/accuracy': { text: '50.0' },
      'pass@1/no_answer': { text: '50.0' },
    });
  });

  it('writes the aggregate file: two spaces per level, floats as floats, no line feed at the end', () => {
    const run = createRunAggregator();
    run.add(row('a', 7, '1.0'));
    const text = [...aggregateFile(run.finish())].join('');
    expect(text).toBe(`[
  {
    "agent_ref": {
      "name": "a"
    },
    "agent_metrics": {
      "mean/reward": 1.0,
      "max/reward": 1.0,
      "min/reward": 1.0,
      "median/reward": 1.0,
      "std/reward": 0.0
    },
    "key_metrics": {
      "mean/reward": 1.0
    },
    "group_level_metrics": [
      {
        "_ng_task_index": 7,
        "mean/reward": 1.0,
        "max/reward": 1.0,
        "min/reward": 1.0,
        "median/reward": 1.0,
        "std/reward": 0.0,
        "sample": {
          "agent_ref": {
            "name": "agent"
          }
        },
        "num_rollouts": 1,
        "expected_num_rollouts": 1,
        "missing_num_rollouts": 0,
        "reward_profile_completion_pct": 100.0,
        "rollout_infos": [
          {
            "rollout_id": "7:0",
            "_ng_task_index": 7,
            "_ng_rollout_index": 0,
            "reward": 1.0
          }
        ]
      }
    ]
  }
]`);
  });

  it('writes an empty array for no rows', () => {
    expect([...aggregateFile(createRunAggregator().finish())].join('')).toBe('[]');
  });
});
