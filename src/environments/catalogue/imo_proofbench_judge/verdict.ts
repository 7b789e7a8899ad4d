import { parseIntText, pythonRegex } from '../../../python/index.js';
import { readJudgement } from '../../kit/judgement.js';

/** From so many of seven points on a proof counts as right. */
const ENOUGH = 6;

const BOX = pythonRegex(String.raw`\\boxed\s*\{\s*(Correct|Incorrect)\s*\}`, { ignoreCase: true });
const POINTS = pythonRegex(String.raw`<points>\s*(\d+)\s*out of 7\s*</points>`, { ignoreCase: true });

/** The points that a judge gives, the first it names; null where it names none. */
export function pointsOf(said: string): number | null {
  const points = POINTS.search(said)?.group(1);
  return points == null ? null : Number(parseIntText(points));
}

/** A judgement in words, else one in a box, else by the points; null where there is none of these. */
export function isRight(said: string): boolean | null {
  const judgement = readJudgement(said);
  if (judgement !== null) return judgement === 'Yes';
  const boxed = BOX.search(said)?.group(1);
  if (boxed != null) return boxed.length === 'correct'.length;
  const points = pointsOf(said);
  return points === null ? null : points >= ENOUGH;
}
