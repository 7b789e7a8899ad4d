import { CallFailure } from '../../../protocol/index.js';
import {
  lower,
  parseFloatText,
  pythonFloat,
  pythonRegex,
  roundDigits,
  strip,
} from '../../../python/index.js';
import { asText } from '../../kit/as-text.js';
import { readBool } from './read-answer.js';
import type { AnswerType } from './read-answer.js';

type Answer = number | string;

export interface Tolerances {
  readonly rel_tol: number;
  readonly abs_tol: number;
}

/** `float(value)`; a text that is no number cannot be compared as one. */
function numberOf(value: unknown): number {
  const number = typeof value === 'string' ? parseFloatText(value) : Number(value);
  if (number !== undefined) return number;
  throw new CallFailure('verify_failed', `${JSON.stringify(value)} is compared as a number, and is none`);
}

/** `round(value)`, which has no whole number for infinity. */
function whole(value: number): number {
  if (Number.isFinite(value)) return roundDigits(value, 0);
  throw new CallFailure('verify_failed', `${value} is compared as a whole number, and is none`);
}

/** `math.isclose` */
function isClose(one: number, two: number, { rel_tol: relative, abs_tol: absolute }: Tolerances): boolean {
  if (one === two) return true;
  if (!Number.isFinite(one) || !Number.isFinite(two)) return false;
  const difference = Math.abs(one - two);
  const most = Math.max(Math.abs(relative * one), Math.abs(relative * two), absolute);
  return difference <= most;
}

const SPACE = pythonRegex(String.raw`\s+`);

const words = (value: unknown): string => {
  const text = typeof value === 'number' && !Number.isInteger(value) ? pythonFloat(value) : asText(value);
  return SPACE.sub(' ', lower(strip(text)));
};

/** How an answer is compared with the right one. */
export const RULES: Readonly<
  Record<string, (answer: Answer, right: unknown, limits: Tolerances) => boolean>
> = {
  exact: (answer, right) => whole(numberOf(answer)) === whole(numberOf(right)),
  isclose: (answer, right, limits) => isClose(numberOf(answer), numberOf(right), limits),
  abs_window: (answer, right, { abs_tol: most }) => Math.abs(numberOf(answer) - numberOf(right)) <= most,
  rel_window: (answer, right, { rel_tol: part }) =>
    Math.abs(numberOf(answer) - numberOf(right)) <= Math.abs(part * numberOf(right)),
  bool_eq: (answer, right) => {
    const wanted = readBool(asText(right));
    return wanted !== null && numberOf(answer) === wanted;
  },
  // An answer that was read as a number is a float.
  string_eq: (answer, right) =>
    words(typeof answer === 'number' ? pythonFloat(answer) : answer) === words(right),
};

export const DEFAULT_RULE: Readonly<Record<AnswerType, string>> = {
  float: 'isclose',
  bool: 'bool_eq',
  string: 'string_eq',
};

/** How far an answer is from the right one, where both are numbers. */
export function distanceOf(answer: Answer, right: unknown): number | null {
  const [one, two] = [answer, right].map((value) =>
    typeof value === 'string' ? parseFloatText(value) : Number(value),
  );
  if (one === undefined || two === undefined) return null;
  const distance = Math.abs(one - two);
  return Number.isFinite(distance) ? distance : null;
}
