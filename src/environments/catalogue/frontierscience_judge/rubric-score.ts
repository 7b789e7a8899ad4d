import { lower, pythonRegex, splitLines } from '../../../python/index.js';

const NUMBER = String.raw`([+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))`;
const OF = [
  pythonRegex(
    String.raw`(?:final[_\s-]*)?score\s*\[\s*${NUMBER}\s*\]\s*/\s*(?:max[_\s-]*possible[_\s-]*)?score\s*\[\s*${NUMBER}\s*\]`,
    { ignoreCase: true },
  ),
  pythonRegex(String.raw`${NUMBER}\s*(?:/|out\s+of)\s*${NUMBER}`, { ignoreCase: true }),
];
const PLAIN = pythonRegex(String.raw`(?:final\s+)?score\s*[:=]\s*${NUMBER}`, { ignoreCase: true });

/**
 * The points of the last line that gives a score: `FINAL_SCORE[7] / MAX_POSSIBLE_SCORE[10]`, `7/10`, `7 out of 10`,
 * turned into points of `most`; or `Score: 7` as it stands. Null where no line does, or where it is of nothing.
 */
export function rubricScore(text: string, most: number): number | null {
  const lines = splitLines(text).filter((line) => lower(line).includes('score'));
  for (const line of lines.toReversed()) {
    for (const pattern of OF) {
      const match = pattern.search(line);
      if (match === undefined) continue;
      const [points, all] = match.groups().map(Number);
      return all! <= 0 ? null : (points! / all!) * most;
    }
    const plain = PLAIN.search(line)?.group(1);
    if (plain !== undefined) return Number(plain);
  }
  return null;
}
