import { JsonNumber, parseFloatText, parseIntText, tryLoadsJson } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';

/** What a reward model gives to two replies, and which of them it finds better (1 to 6; 1: the first by far). */
export interface Scores {
  readonly score_1: number;
  readonly score_2: number;
  readonly ranking: number;
}

export const SCORES = ['score_1', 'score_2', 'ranking'] as const;

export interface Judgement {
  readonly overall: Scores;
  readonly rubrics: readonly { readonly id: number; readonly scores: Scores }[];
}

/** The judgement in a text that holds exactly one JSON object, with all its scores; undefined for any other text. */
export function readJudgement(text: string): Judgement | undefined {
  const objects = balanced(text)
    .map(readObject)
    .filter((found) => found !== undefined);
  const [found, second] = objects;
  if (found === undefined || second !== undefined) return undefined;
  const [overall, rubrics] = [readScores(found.get('overall')), found.get('rubric_evaluations')];
  if (overall === undefined || !Array.isArray(rubrics) || rubrics.length === 0) return undefined;
  const read = rubrics.map((rubric) => {
    const scores = readScores(rubric);
    const id = rubric instanceof Map ? asInt(rubric.get('rubric_id')) : undefined;
    return scores === undefined || id === undefined ? undefined : { id, scores };
  });
  return read.every((one) => one !== undefined) ? { overall, rubrics: read } : undefined;
}

function readScores(given: Lossless | undefined): Scores | undefined {
  if (!(given instanceof Map)) return undefined;
  const [one, two, ranking] = SCORES.map((key) => asFloat(given.get(key)));
  if (one === undefined || two === undefined || ranking === undefined) return undefined;
  return { score_1: one, score_2: two, ranking };
}

/** `float(value)` */
function asFloat(value: Lossless | undefined): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof JsonNumber) return Number(value.text);
  return typeof value === 'string' ? parseFloatText(value) : undefined;
}

/** `int(value)` */
function asInt(value: Lossless | undefined): number | undefined {
  if (typeof value === 'string') return parseIntText(value);
  const number = asFloat(value);
  return number === undefined || !Number.isFinite(number) ? undefined : Math.trunc(number);
}

/** Everything between a brace and the one that closes it; braces in quotes do not count, nor do inner ones. */
function balanced(text: string): string[] {
  const found: string[] = [];
  let [depth, start, quoted] = [0, -1, false];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '\\' && quoted) at += 1;
    else if (letter === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (letter === '{') {
      if (depth === 0) start = at;
      depth += 1;
    } else if (letter === '}') {
      depth -= 1;
      if (depth !== 0 || start === -1) continue;
      found.push(text.slice(start, at + 1));
      start = -1;
    }
  }
  return found;
}

/** A JSON object; backslashes that are no escapes of JSON (LaTeX) are taken for themselves where it is none otherwise. */
function readObject(text: string): Map<string, Lossless> | undefined {
  const repaired = text.replace(/\\(?!["\\/bfnrtu])/g, String.raw`\\`);
  const value = tryLoadsJson(text) ?? tryLoadsJson(repaired);
  return value instanceof Map ? value : undefined;
}
