import { splitWords, strip, unescapeHtml } from '../../../python/index.js';

/** Signs that chemists write in several ways; what follows each `>` stands for all before it. */
const SIGNS = new Map(
  ['⁺₊＋>+', '⁻₋−–—‒‑>-', '×✕>x', '·∙⋅•>.', 'µμ>u', '⁄∕>/'].flatMap((line) => {
    const [from, to] = line.split('>') as [string, string];
    return Array.from(from, (sign) => [sign, to] as const);
  }),
);

/** A text as options are compared: entities read, NFKC, one sign for alike ones, no invisible characters. */
export function normalizeChemistry(text: string): string {
  const plain = Array.from(unescapeHtml(text).normalize('NFKC'), (sign) => SIGNS.get(sign) ?? sign).join('');
  return splitWords(plain.replace(/\p{Cf}/gu, '')).join(' ');
}

const QUOTES = ' \t\r\n`*_"\'';
const BOXED = /^\\boxed\{([\s\S]*?)\}$/;
const COMMAND = /^\\(?:text|mathrm|operatorname)\{([\s\S]*?)\}$/;

/** Without the Markdown, LaTeX, brackets and quotes around it, and without a stop at its end. */
export function unwrapped(given: string): string {
  let text = strip(given, QUOTES);
  const boxed = BOXED.exec(text);
  if (boxed !== null) text = strip(boxed[1]!);
  for (let inner = COMMAND.exec(text); inner !== null; inner = COMMAND.exec(text)) text = strip(inner[1]!);
  while (text.length >= 2 && '([{"\'<'.includes(text[0]!) && ')]}"\'>'.includes(text.at(-1)!)) {
    text = strip(text.slice(1, -1), QUOTES);
  }
  return strip(text, `${QUOTES}.;,`);
}
