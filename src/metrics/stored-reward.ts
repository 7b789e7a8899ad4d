import type { ScannedRow } from './row-scanner.js';

/** The reward of a stored row, null where it is masked; or why it has none. */
export type StoredReward = { value: number | null; fault: null } | { value: null; fault: string };

const LONGEST = 24;

/** A JSON value as a message shows it. */
function shown(raw: string): string {
  return raw.length <= LONGEST ? raw : `${raw.slice(0, LONGEST)}…`;
}

/**
 * The reward of a row of a rollouts file. Only a finite JSON number is one: a program that stores results writes
 * nothing else there, so a row with text, `true`, `null`, `NaN` or nothing was changed by hand or damaged. Such a row
 * is no result, and it must never stand in for one: not as 0, not as a rollout that was scored. Of a masked row it does
 * not matter what stands there.
 */
export function storedReward({ task, rollout, masked, reward: raw }: ScannedRow): StoredReward {
  if (masked) return { value: null, fault: null };
  const of = `the reward of task ${task}, rollout ${rollout}`;
  if (raw === null) return { value: null, fault: `${of} is missing` };
  const value = /^-?\d/.test(raw) ? Number(raw) : Number.NaN;
  if (Number.isFinite(value)) return { value, fault: null };
  return { value: null, fault: `${of} is not a finite number but ${shown(raw)}` };
}
