import { pythonRegex, strip, stripEnd } from '../../../python/index.js';
import type { EnvironmentServices } from '../definition.js';
import { extract } from './extract.js';
import { equalNatively } from './grade.js';
import { workerFor } from './library.js';
import { normalizeBasics } from './normalize-latex.js';

/*
 * Whether an answer without its box is the expected one: as NeMo Skills asks math-verify, which NeMo Gym 0.7.0 does too in
 * some servers.
 */

/** The library gives up after 5 seconds in each step: two readings, and up to four comparisons. */
const SECONDS = 30;

const LETTER = /^[A-J]$/;
const WORDS = /^[a-zA-Z ,]+$/;
const PERCENTAGE = pythonRegex(String.raw`(\d+\.?\d*)(?:\\%|%)`);
const MARKED = /\$[^]*\$|\\\([^]*\\\)|\\\[[^]*\\\]|\\boxed\{/;

/** Without a percent sign, and points and backslashes at the end. */
const trimmed = (text: string): string => stripEnd(PERCENTAGE.fullMatch(text)?.group(1) ?? text, '.\\');

const asLatex = (text: string): string => (MARKED.test(text) ? text : `$${text}$`);

/** Whether two answers are equal. Throws CallFailure `verify_unavailable` where only the library can tell. */
export async function sameAnswer(
  {
    services,
    signal,
  }: { readonly services: Pick<EnvironmentServices, 'roots'>; readonly signal: AbortSignal },
  expected: string,
  answer: string,
): Promise<boolean> {
  if (LETTER.test(strip(expected)) && extract(answer, ['letter']).text === strip(expected)) return true;
  const [gold, reply] = [trimmed(expected), trimmed(answer)];
  const plain = [gold, reply].map((text) => normalizeBasics(text));
  const [one, other] = plain.map((text) => text.replaceAll(' ', ''));
  if (one === other) return true;
  // Words that differ mean nothing to it.
  if (plain.every((text) => WORDS.test(text))) return false;
  const [right, found] = [asLatex(gold), asLatex(reply)];
  const known = equalNatively(right, found);
  if (known !== undefined) return known;
  const question = { gold: right, reply: found, only: 'latex', seconds: SECONDS } as const;
  return (await workerFor(services.roots).ask(question, signal)).reward === 1;
}
