import { TOKEN_TYPES } from './token-types.js';
import { NoReading } from './tree.js';

/** A piece of LaTeX: its type in the grammar and its text. */
export interface Token {
  readonly type: string;
  readonly text: string;
}

const COMPILED = TOKEN_TYPES.map(([type, pattern]) => ({ type, pattern: new RegExp(pattern, 'uy') }));

/**
 * Takes LaTeX apart: of the types that fit, the one that takes the longest text, of equals the first. Throws
 * {@link NoReading} where none fits.
 */
export function tokenize(latex: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < latex.length;) {
    let best: Token | undefined;
    for (const { type, pattern } of COMPILED) {
      pattern.lastIndex = at;
      const text = pattern.exec(latex)?.[0] ?? '';
      if (text.length > (best?.text.length ?? 0)) best = { type, text };
    }
    if (best === undefined) throw new NoReading(`unknown character at ${at}`);
    at += best.text.length;
    if (best.type !== '') tokens.push(best);
  }
  return [...tokens, { type: 'EOF', text: '' }];
}
