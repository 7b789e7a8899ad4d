import { pythonRegex, splitLines, strip } from '../../../python/index.js';
import { plainWords } from './labels.js';

const THOUGHTS = [
  pythonRegex('<think>.*?</think>', { ignoreCase: true, dotAll: true }),
  pythonRegex(String.raw`<\|channel\>thought\s*.*?<channel\|>`, { ignoreCase: true, dotAll: true }),
];

/** What announces the answer, from the surest to the loosest; the text after it runs to the end of the line. */
const ANNOUNCED = [
  String.raw`(?:^|\n)\s*(?:[*_${'`'}#>\-\s]*)final\s+answer(?:\s+is)?\s*(?:[*_${'`'}\s])*[:\-]\s*(.+)`,
  String.raw`(?:^|\n)\s*(?:[*_${'`'}#>\-\s]*)selected\s+answer(?:\s+is)?\s*(?:[*_${'`'}\s])*[:\-]\s*(.+)`,
  String.raw`(?:^|\n)\s*(?:[*_${'`'}#>\-\s]*)answer(?:\s+is)?\s*(?:[*_${'`'}\s])*[:\-]\s*(.+)`,
  String.raw`\b(?:the\s+)?(?:final\s+)?answer\s+(?:is|would\s+be|should\s+be)\s*[:\-]?\s*(.+)`,
  String.raw`\bselected\s+(?:option|answer)\s+(?:is|would\s+be)\s*[:\-]?\s*(.+)`,
].map((pattern) => pythonRegex(pattern, { ignoreCase: true, multiline: true }));

/** Starts of a reply that thinks aloud: its last line is the answer then. */
const THINKING_ALOUD = /^(?:thinking process|analysis|the user wants|we need)/;

const BULLETS = pythonRegex(String.raw`^[-*•\s]+`);
const STARS = pythonRegex(String.raw`^\*+|\*+$`);
const THINK_TAG = pythonRegex('</?think>', { ignoreCase: true });

function cleaned(line: string): string {
  const bare = strip(STARS.sub('', BULLETS.sub('', strip(line))));
  return strip(strip(strip(THINK_TAG.sub('', bare))), '"\'` ');
}

/** What the last announcement of the surest kind says; the form of the instruction itself does not count. */
function announced(text: string): string | undefined {
  for (const pattern of ANNOUNCED) {
    const said = pattern.findAll(text).map((found) => strip(found));
    const last = said.findLast((found) => found !== '' && plainWords(found) !== 'candidate answer');
    if (last !== undefined) return last;
  }
  return undefined;
}

/** The answer of a reply: what is announced, else its first line, or the last one where it thinks aloud. */
export function readAnswer(reply: string): string {
  const text = strip(THOUGHTS.reduce((rest, pattern) => pattern.sub('', rest), reply));
  const said = announced(text);
  const lines = splitLines(said ?? text)
    .filter((line) => strip(line) !== '')
    .map(cleaned)
    .filter((line) => line !== '' && !['final answer', 'answer'].includes(plainWords(line)));
  const [first = ''] = lines;
  const aloud = said === undefined && lines.length > 1 && THINKING_ALOUD.test(plainWords(first));
  return aloud ? lines.at(-1)! : first;
}
