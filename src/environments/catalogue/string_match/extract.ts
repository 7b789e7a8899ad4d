import { pythonRegex, splitLines, strip, stripEnd } from '../../../python/index.js';

const FINAL_ANSWER = pythonRegex(String.raw`(?i)(?:final\s+answer|answer)\s*[:：]\s*(.+)`);
const LAST_STOP = pythonRegex(String.raw`\.\s*$`);
const IN_TEXT = pythonRegex(String.raw`\\text\{\s*(.*?)\s*\}`, { dotAll: true });

/** What stands in the last box that is closed, `\text{…}` around all of it taken off. */
function boxed(text: string): string | null {
  const starts = [...text.matchAll(/\\boxed\{/g)].map(({ 0: opening, index }) => index + opening.length);
  for (const start of starts.reverse()) {
    let depth = 1;
    for (let at = start; at < text.length; at++) {
      if (text[at] === '{') depth += 1;
      else if (text[at] === '}') depth -= 1;
      if (depth === 0) return strip(peeled(strip(text.slice(start, at))));
    }
  }
  return null;
}

function peeled(text: string): string {
  const inner = IN_TEXT.fullMatch(text)?.group(1);
  return inner === undefined ? text : peeled(inner);
}

/** The rest of the line after the last `Final answer:` or `Answer:`, without a full stop at its end. */
function finalAnswer(text: string): string | null {
  const found = FINAL_ANSWER.findAll(text).at(-1);
  if (found === undefined) return null;
  return stripEnd(strip(LAST_STOP.split(strip(found))[0]!), '.');
}

/** How the answer is read out of a reply; null where there is none. */
export const EXTRACTIONS = {
  boxed,
  final_answer: (text: string): string | null => finalAnswer(text) ?? boxed(text),
  last_line: (text: string): string | null =>
    splitLines(text)
      .map((line) => strip(line))
      .findLast((line) => line !== '') ?? null,
  full_response: (text: string): string | null => (strip(text) === '' ? null : strip(text)),
} as const;
