import { setEscape } from './escapes.js';
import { length } from './pattern-source.js';
import type { PatternSource } from './pattern-source.js';
import type { Node, SetItem } from './syntax.js';

/** The rest of `[…]`; the opening bracket was taken. */
export function parseSet(source: PatternSource): Node {
  const start = source.position - 1;
  const negated = source.accept('^');
  const items: SetItem[] = [];
  for (;;) {
    const token = takeToken(source, start);
    if (token === ']' && items.length > 0) break;
    const item = member(source, token);
    if (!source.accept('-')) {
      items.push(item);
      continue;
    }
    const to = takeToken(source, start);
    if (to === ']') {
      items.push(item, { type: 'character', code: 0x2d });
      break;
    }
    items.push(rangeItem(source, [token, item], [to, member(source, to)]));
  }
  return simplified(items, negated);
}

function takeToken(source: PatternSource, start: number): string {
  const token = source.take();
  if (token === undefined) throw source.error('unterminated character set', source.position - start);
  return token;
}

function member(source: PatternSource, token: string): SetItem {
  return token.startsWith('\\')
    ? setEscape(source, token)
    : { type: 'character', code: token.codePointAt(0)! };
}

function rangeItem(
  source: PatternSource,
  [fromToken, from]: [string, SetItem],
  [toToken, to]: [string, SetItem],
): SetItem {
  if (from.type === 'character' && to.type === 'character' && from.code <= to.code) {
    return { type: 'range', first: from.code, last: to.code };
  }
  const written = `${fromToken}-${toToken}`;
  throw source.error(`bad character range ${written}`, length(written));
}

/** Members once each; a set of one character is that character. */
function simplified(items: SetItem[], negated: boolean): Node {
  const unique = uniqueItems(items);
  const [only] = unique;
  if (unique.length === 1 && only?.type === 'character') {
    return { type: 'character', code: only.code, negated };
  }
  return { type: 'set', negated, items: unique };
}

export function uniqueItems(items: readonly SetItem[]): SetItem[] {
  return [...new Map(items.map((item) => [itemKey(item), item])).values()];
}

export function itemKey(item: SetItem): string {
  if (item.type === 'character') return `${item.code}`;
  if (item.type === 'range') return `${item.first}-${item.last}`;
  return `${item.negated ? '^' : ''}${item.category}`;
}
