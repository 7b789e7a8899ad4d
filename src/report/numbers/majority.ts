import { passMajority } from '../../metrics/index.js';
import type { Group, Rewards } from '../run/group.js';
import { shownK } from './estimates.js';

/** majority@k of the reward, 0 to 1, where rows tell the answer that was extracted; empty otherwise. */
export function majorityAtK({ run }: Group, rewards: Rewards): { k: number; value: number }[] {
  const ids = Int32Array.from(rewards.rows, (row) =>
    run.answer.get(row) === 'null' ? -1 : run.answer.id(row),
  );
  if (ids.every((id) => id === -1)) return [];
  const { metrics } = passMajority({
    starts: rewards.starts,
    scores: new Map([['reward', rewards.values]]),
    answers: ids,
  });
  return shownK(rewards).map((k) => ({ k, value: Number(metrics[`majority@${k}/reward`]) / 100 }));
}
