import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { profileRollouts } from '../../src/report/index.js';
import { tempFolder } from './temp-folder.js';

const input = (task: number, rollout: number, agent = 'a'): string =>
  `{"q":1.0,"responses_create_params":{"input":"t${task}"},"agent_ref":{"name":"${agent}"},` +
  `"_ng_task_index":${task},"_ng_rollout_index":${rollout}}\n`;
const rollout = (task: number, index: number, reward: string, agent = 'a'): string =>
  `{"response":{"usage":{"total_tokens":${10 + index}}},"reward":${reward},` +
  `"_ng_task_index":${task},"_ng_rollout_index":${index},"agent_ref":{"name":"${agent}"}}\n`;

function files(rollouts: string, inputs = input(1, 0, 'b') + input(0, 0) + input(0, 1)) {
  const folder = tempFolder({ 'r.jsonl': rollouts, 'r_materialized_inputs.jsonl': inputs });
  return {
    folder,
    inputs: path.join(folder, 'r_materialized_inputs.jsonl'),
    rollouts: path.join(folder, 'r.jsonl'),
  };
}

describe('profileRollouts', () => {
  it('writes one line per task and one object per agent', async () => {
    const given = files(rollout(0, 1, '0.0') + rollout(1, 0, '1.0', 'b') + rollout(0, 0, '1.0'));
    const { counts } = await profileRollouts(given);
    expect(counts).toEqual({ total: 3, found: 3, complete: 3, partial: 0, missing: 0, masked: 0 });
    expect(readFileSync(path.join(given.folder, 'r_reward_profiling.jsonl'), 'utf8').split('\n')).toEqual([
      '{"_ng_task_index":0,"mean/reward":0.5,"mean/total_tokens":10.5,"max/reward":1.0,"max/total_tokens":11.0,' +
        '"min/reward":0.0,"min/total_tokens":10.0,"median/reward":0.5,"median/total_tokens":10.5,' +
        '"std/reward":0.7071067811865476,"std/total_tokens":0.7071067811865476,' +
        '"sample":{"q":1.0,"responses_create_params":{"input":"t0"},"agent_ref":{"name":"a"}},' +
        '"num_rollouts":2,"expected_num_rollouts":2,"missing_num_rollouts":0,"reward_profile_completion_pct":100.0,' +
        '"rollout_infos":[{"rollout_id":"0:0","_ng_task_index":0,"_ng_rollout_index":0,"reward":1.0,"total_tokens":10},' +
        '{"rollout_id":"0:1","_ng_task_index":0,"_ng_rollout_index":1,"reward":0.0,"total_tokens":11}]}',
      expect.stringContaining('{"_ng_task_index":1,"mean/reward":1.0,') as string,
      '',
    ]);
    expect(readFileSync(path.join(given.folder, 'r_agent_metrics.json'), 'utf8')).toBe(
      '[{"mean/reward":0.5,"mean/total_tokens":10.5,"max/reward":1.0,"max/total_tokens":11.0,"min/reward":0.0,' +
        '"min/total_tokens":10.0,"median/reward":0.5,"median/total_tokens":10.5,"std/reward":0.7071067811865476,' +
        '"std/total_tokens":0.7071067811865476,"agent_ref":{"name":"a"}},' +
        '{"mean/reward":1.0,"mean/total_tokens":10.0,"max/reward":1.0,"max/total_tokens":10.0,"min/reward":1.0,' +
        '"min/total_tokens":10.0,"median/reward":1.0,"median/total_tokens":10.0,"std/reward":0.0,' +
        '"std/total_tokens":0.0,"agent_ref":{"name":"b"}}]',
    );
  });

  it('refuses missing rollouts unless partial profiles are allowed', async () => {
    const given = files(rollout(0, 0, '1.0'));
    await expect(profileRollouts(given)).rejects.toMatchObject({
      code: 'REPORT_MISSING_ROLLOUTS',
      message: expect.stringContaining(
        '2 of 3 inputs have no rollout (task:rollout):\n  1:0\n  0:1',
      ) as string,
    });
    const { counts } = await profileRollouts({ ...given, allowPartial: true });
    expect(counts).toEqual({ total: 3, found: 1, complete: 0, partial: 2, missing: 1, masked: 0 });
    const [line = ''] = readFileSync(path.join(given.folder, 'r_reward_profiling.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({
      num_rollouts: 1,
      expected_num_rollouts: 2,
      missing_num_rollouts: 1,
      reward_profile_completion_pct: 50,
    });
  });

  it('leaves masked rollouts out of every number but the coverage', async () => {
    const masked = (line: string): string => line.replace('"reward"', '"mask_sample":true,"reward"');
    const given = files(
      rollout(0, 0, '1.0') + masked(rollout(0, 1, '0.0')) + masked(rollout(1, 0, '0.0', 'b')),
    );
    const { counts } = await profileRollouts(given);
    expect(counts).toEqual({ total: 3, found: 3, complete: 3, partial: 0, missing: 0, masked: 2 });
    const text = readFileSync(path.join(given.folder, 'r_reward_profiling.jsonl'), 'utf8');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      {
        _ng_task_index: 0,
        'mean/reward': 1,
        num_rollouts: 1,
        expected_num_rollouts: 1,
        missing_num_rollouts: 0,
      },
    ]);
    expect(JSON.parse(readFileSync(path.join(given.folder, 'r_agent_metrics.json'), 'utf8'))).toMatchObject([
      { agent_ref: { name: 'a' }, 'mean/reward': 1, 'coverage/masked_rollouts': 1 },
      {
        agent_ref: { name: 'b' },
        'coverage/measured_rollouts': 0,
        'coverage/masked_rollouts': 1,
        'coverage/measured_tasks': 0,
        'coverage/fully_masked_tasks': 1,
      },
    ]);
    expect(text).not.toContain('mask_sample');
  });

  it.each([
    ['a rollout without input', rollout(5, 0, '1.0'), 'REPORT_UNPLANNED_ROLLOUTS'],
    ['a rollout twice', rollout(0, 0, '1.0') + rollout(0, 0, '1.0'), 'REPORT_DUPLICATE_ROLLOUT'],
    ['a torn line', rollout(0, 0, '1.0').slice(0, 30), 'REPORT_BAD_LINE'],
  ])('refuses %s', async (_, rollouts, code) => {
    await expect(profileRollouts(files(rollouts))).rejects.toMatchObject({ code });
  });

  it('names a file that is not there', async () => {
    const given = files('');
    const wrong = { ...given, inputs: path.join(given.folder, 'nothing.jsonl') };
    await expect(profileRollouts(wrong)).rejects.toMatchObject({ code: 'REPORT_FILE_NOT_FOUND' });
  });
});
