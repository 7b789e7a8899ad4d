import { RegexBudgetError, strip } from '../../../python/index.js';
import { answersEqual } from './equal.js';
import { extract } from './extract.js';
import type { Found } from './extract.js';
import { printed } from './print.js';
import { NotOurs } from './tree.js';

/** What math-verify says of an answer. */
export interface LibraryVerdict {
  readonly reward: 0 | 1;
  /** The text of the answer that counted; null where none was found. */
  readonly extracted: string | null;
}

/** Nothing could be said: it broke, or took too long. */
export const NO_VERDICT: LibraryVerdict = { reward: 0, extracted: null };

/** The right answer as LaTeX in a box, without the signs around it. */
export function boxedGold(expected: string): string {
  let text = strip(expected);
  if (text.startsWith(String.raw`\(`) && text.endsWith(String.raw`\)`)) text = strip(text.slice(2, -2));
  if (text.startsWith('$') && text.endsWith('$') && text.length > 1) text = strip(text.slice(1, -1));
  return String.raw`\boxed{${text}}`;
}

/**
 * The verdict of math-verify 0.8.0 on a reply, as NeMo Gym 0.7.0 asks for it; undefined where it would take a computer
 * algebra system to know.
 */
export function gradeNatively(
  expected: string,
  reply: string,
  onUnknown: (why: Error) => void = () => undefined,
): LibraryVerdict | undefined {
  return natively(
    () => grade(extract(boxedGold(expected), ['latex']), () => extract(reply, ['number', 'latex'])),
    onUnknown,
  );
}

/** Whether two answers in LaTeX are equal to math-verify; undefined where it would take it to know. */
export function equalNatively(gold: string, answer: string): boolean | undefined {
  return natively(() => {
    const right = extract(gold, ['latex']);
    return !isNothing(right) && isAnswer(right, extract(answer, ['latex']));
  });
}

function natively<Answer>(
  know: () => Answer,
  onUnknown: (why: Error) => void = () => undefined,
): Answer | undefined {
  try {
    return know();
  } catch (error) {
    if (!(error instanceof NotOurs || error instanceof RegexBudgetError || error instanceof RangeError))
      throw error;
    onUnknown(error);
    return undefined;
  }
}

const isNothing = ({ value, text }: Found): boolean => value === undefined && text === undefined;

/** The texts of what was found: its value's, and the first that was tried. */
function textsOf({ value, text }: Found): string[] {
  return [...(value === undefined ? [] : [printed(value)]), ...(text === undefined ? [] : [text])];
}

function grade(gold: Found, find: () => Found): LibraryVerdict {
  if (isNothing(gold)) return NO_VERDICT;
  const found = find();
  const isRight = isAnswer(gold, found);
  const [right, texts] = [textsOf(gold).map((text) => strip(text)), textsOf(found)];
  const counted = texts.find((text) => strip(text) !== '' && right.includes(strip(text)));
  return { reward: isRight ? 1 : 0, extracted: counted ?? texts[0] ?? null };
}

function isAnswer(gold: Found, found: Found): boolean {
  const [right = '', text = ''] = [gold.text, found.text].map((one) => strip(one ?? ''));
  if (right !== '' && right === text) return true;
  return gold.value !== undefined && found.value !== undefined && answersEqual(gold.value, found.value);
}
