import { compilePattern, escapePattern, pythonRegex } from '../../../python/index.js';
import type { PythonMatch, PythonRegex } from '../../../python/index.js';

const ANSWER = pythonRegex(String.raw`[*_]{0,2}Answer[*_]{0,2}\s*:[*_\s]{0,2}(.+)`, { ignoreCase: true });

/**
 * What stands after each `Answer:`, to the end of its line, in the order of the reply, which is read in its NFKC
 * form; with a prefix (case does not matter), what stands after each of those too.
 */
export function payloadsOf(reply: string, prefix: string | null): string[] {
  const text = reply.normalize('NFKC');
  const found = placed(ANSWER, text, (match) => match.group(1)!);
  if (prefix !== null) {
    // White space after a prefix belongs to it, line ends included: the payload begins behind it.
    const regex = compilePattern(`${escapePattern(prefix.normalize('NFKC'))}\\s*`, { ignoreCase: true });
    found.push(...placed(regex, text, (match) => /^[^\n]*/.exec(text.slice(match.end()))![0]));
  }
  return found.sort((a, b) => a.at - b.at).map(({ payload }) => payload);
}

function placed(
  regex: PythonRegex,
  text: string,
  payloadOf: (match: PythonMatch) => string,
): { at: number; payload: string }[] {
  return Array.from(regex.findIter(text), (match) => ({ at: match.start(), payload: payloadOf(match) }));
}
