import { strip } from '../../../python/index.js';
import type { PythonMatch } from '../../../python/index.js';
import { rowPattern } from '../../kit/row-pattern.js';
import type { Grammar } from './grammars.js';

/** The well-formed citations of a text; one with nothing in its claim is none. */
export function citationSpans(text: string, grammar: Grammar, idPattern: string): PythonMatch[] {
  const one = `(?:${idPattern})`;
  const ids = grammar.several === true ? `${one}(?:,${one})*` : one;
  const pattern = rowPattern(
    grammar.template.replace('{IDS}', () => ids),
    'verifier.id_regex',
    grammar.flags,
  );
  const spans = Array.from(pattern.findIter(text));
  const { claim } = grammar;
  return claim === undefined ? spans : spans.filter((span) => strip(span.group(claim) ?? '') !== '');
}

/** What the citations name, each once, in order. */
export function citedIds(spans: readonly PythonMatch[]): string[] {
  return [...new Set(spans.flatMap((span) => span.group(1)!.split(',')))];
}

/** The text with its citations made blank; with a group, that group of each is kept. */
export function withoutSpans(text: string, spans: readonly PythonMatch[], kept?: number): string {
  let rest = '';
  let at = 0;
  for (const span of spans) {
    const claim = kept === undefined ? '' : ` ${span.group(kept) ?? ''} `;
    rest += `${text.slice(at, span.start())} ${claim}`;
    at = span.end();
  }
  return rest + text.slice(at);
}
