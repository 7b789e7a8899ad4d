import { pythonRegex, pythonStr, strip, tryLoadsJson } from '../../../python/index.js';

const FENCED = pythonRegex('```(?:json)?\\s*(\\{.*?\\})\\s*```', { dotAll: true });

/** The `answer` of the last JSON object that has one, in a code fence or else anywhere; without any, all of the text. */
export function readAnswer(reply: string): string {
  const text = strip(reply);
  for (const json of [...FENCED.findAll(text).reverse(), ...bracedPieces(text).reverse()]) {
    const value = tryLoadsJson(json);
    const answer = value instanceof Map ? value.get('answer') : undefined;
    if (answer !== undefined) return pythonStr(answer);
  }
  return text;
}

/** Pieces from a brace to the one that closes it, from left to right; none behind one that is never closed. */
function bracedPieces(text: string): string[] {
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{' && depth++ === 0) start = at;
    else if (text[at] === '}' && depth > 0 && --depth === 0) pieces.push(text.slice(start, at + 1));
  }
  return pieces;
}
