import { CallFailure } from '../../../protocol/index.js';
import { loadsJson, tryLoadsJson } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { CATEGORY } from './categories.js';
import type { Category } from './categories.js';
import { compareValues } from './compare-values.js';
import type { Thresholds } from './compare-values.js';
import { largestMatching } from './match-calls.js';

export interface CallAction {
  name: string;
  arguments: string;
}

export interface Comparison extends Thresholds {
  /** Whether the number of calls decides anything at all; the other three mean nothing without it. */
  parallel_tool_call_rewarding: boolean;
  allow_subset: boolean;
  allow_superset: boolean;
  parallel_tool_call_reward_mode: 'binary_strict' | 'fractional' | 'f1';
}

interface Result {
  reward: number;
  category: Category;
}

/** Scores calls against the expected ones, in whatever order. */
export function compareCalls(
  expected: readonly CallAction[],
  actual: readonly CallAction[],
  how: Comparison,
): Result {
  if (expected.length === 1 && actual.length === 1) {
    const category = compareCall(expected[0]!, actual[0]!, how);
    return { reward: Number(category === CATEGORY.call), category };
  }
  if (!mayDiffer(expected.length, actual.length, how)) return { reward: 0, category: CATEGORY.batchLength };
  const looks = expected.map((wanted) => actual.map((call) => compareCall(wanted, call, how)));
  const candidates = looks.map((row) => [...row.keys()].filter((index) => row[index] === CATEGORY.call));
  const matched = new Set(largestMatching(candidates).values());
  const reward = score(matched.size, expected.length, actual.length, how);
  if (reward === 1) return { reward, category: expected.length === 1 ? CATEGORY.call : CATEGORY.batch };
  const missed = looks.findIndex((_, index) => !matched.has(index));
  // With every expected or every actual call matched, only the number can be what is wrong.
  if (missed === -1 || matched.size === actual.length) return { reward, category: CATEGORY.batchLength };
  return { reward, category: nearest(looks[missed]!) };
}

/** The first reason that is not the tool's name: that of the nearest miss. */
function nearest(looks: readonly Category[]): Category {
  return looks.find((why) => why !== CATEGORY.call && why !== CATEGORY.tool) ?? CATEGORY.tool;
}

function compareCall(expected: CallAction, actual: CallAction, how: Comparison): Category {
  if (expected.name !== actual.name) return CATEGORY.tool;
  const wanted = expectedArguments(expected.arguments);
  const given = tryLoadsJson(actual.arguments);
  if (given === undefined) return CATEGORY.decode;
  return compareValues(wanted, given, how) ?? CATEGORY.call;
}

function expectedArguments(text: string): Lossless {
  try {
    return loadsJson(text);
  } catch (error) {
    const problem = `expected_action: its arguments are no JSON: ${(error as Error).message}`;
    throw new CallFailure('row_invalid', problem, { cause: error });
  }
}

function mayDiffer(expected: number, actual: number, how: Comparison): boolean {
  if (expected === actual || !how.parallel_tool_call_rewarding) return true;
  return actual < expected ? how.allow_subset : how.allow_superset;
}

function score(matched: number, expected: number, actual: number, how: Comparison): number {
  if (!how.parallel_tool_call_rewarding) return Number(matched === expected);
  if (how.parallel_tool_call_reward_mode === 'f1') return (2 * matched) / (expected + actual);
  const needed = how.allow_subset ? Math.min(expected, actual) : expected;
  return how.parallel_tool_call_reward_mode === 'fractional' ? matched / needed : Number(matched === needed);
}
