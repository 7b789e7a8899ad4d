import type { JsonObject } from '../../../protocol/index.js';

const NAME = /^(.*)\/judge_correct(?:\/.*)?$/;

/**
 * For each average: right answers less wrong ones, and the part of all that are not right which is wrong rather than
 * held back. In percent, as the averages that they are made of.
 */
export function omniscienceIndex(metrics: JsonObject): JsonObject {
  const found: JsonObject = {};
  for (const key of Object.keys(metrics)) {
    const prefix = NAME.exec(key)?.[1];
    if (prefix === undefined) continue;
    const average = (name: string): number => Number(metrics[`${prefix}/${name}`] ?? 0);
    const wrong = -average('judge_incorrect');
    const notRight = wrong + average('judge_partially_correct') + average('judge_abstained');
    found[`${prefix}/judge_omni_index`] = average('judge_correct') - wrong;
    found[`${prefix}/judge_omni_hallucination`] = notRight > 0 ? (100 * wrong) / notRight : 0;
  }
  return found;
}
