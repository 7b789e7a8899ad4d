import type { JsonObject } from '../../../protocol/index.js';

const NAME = /^(.*)\/correct((?:\/.*)?)$/;

/**
 * For each average of right answers: the part of the attempted questions that is right, and its harmonic mean with the
 * part of all questions (F1). In percent, as the averages that they are made of.
 */
export function whenAttempted(metrics: JsonObject): JsonObject {
  const found: JsonObject = {};
  for (const key of Object.keys(metrics)) {
    const [, prefix, rest] = NAME.exec(key) ?? [];
    const [right, wrong] = [metrics[`${prefix}/correct`], metrics[`${prefix}/incorrect`]];
    if (rest === undefined || typeof right !== 'number' || typeof wrong !== 'number') continue;
    const [correct, incorrect] = [right / 100, wrong / 100];
    const attempted = correct + incorrect;
    const accuracy = attempted > 0 ? correct / attempted : 0;
    const sum = accuracy + correct;
    found[`${prefix}/f1`] = 100 * (sum > 0 ? (2 * accuracy * correct) / sum : 0);
    found[`${prefix}/accuracy_given_attempted`] = 100 * accuracy;
  }
  return found;
}
