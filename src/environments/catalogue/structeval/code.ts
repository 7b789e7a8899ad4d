import { CallFailure } from '../../../protocol/index.js';
import { decodeEscapes, EscapeError, escapePattern, pythonRegex, strip } from '../../../python/index.js';
import type { PythonRegex } from '../../../python/index.js';

const MARKED = String.raw`<\|BEGIN_CODE\|\>[ \t]*\n?(?P<marked>.*?)(?:<\|END_CODE\|\>|$)`;

const patterns = new Map<string, { either: PythonRegex; fence: PythonRegex }>();

/** A block between marks or fences, in a language or any. */
function patternsOf(language: string): { either: PythonRegex; fence: PythonRegex } {
  const known = patterns.get(language);
  if (known !== undefined) return known;
  const fence = `\`\`\`(?:${escapePattern(language)}|[^\\n]*)[ \\t]*\\n(?P<fenced>.*?)(?:\`\`\`|$)`;
  const flags = { dotAll: true, ignoreCase: true };
  const made = {
    either: pythonRegex(`(?:${MARKED})|(?:${fence})`, flags),
    fence: pythonRegex(fence, flags),
  };
  patterns.set(language, made);
  return made;
}

/** The text with its escapes read, as the original does with every reply; as it is where they cannot be. */
function unescaped(text: string): string {
  const plain = text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('<think>\n\n</think>\n\n', '');
  try {
    return decodeEscapes(plain);
  } catch (error) {
    if (!(error instanceof EscapeError)) throw error;
    if (!error.named) return plain;
    const problem = 'A character by its name (\\N{…}): only Python can read it.';
    throw new CallFailure('verify_unavailable', problem);
  }
}

/** The code of a reply: of its first fenced block; else between its marks, closed or not; else all of it. */
export function codeIn(reply: string, language: string): string {
  const text = unescaped(reply);
  const { either, fence } = patternsOf(language);
  const fenced = fence.search(text)?.group('fenced');
  return strip(fenced ?? either.search(text)?.group('marked') ?? text);
}
