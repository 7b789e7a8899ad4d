import { strip } from '../../../python/index.js';
import type { Lossless } from '../../../python/index.js';
import { NotParsed } from './not-parsed.js';

interface Element {
  name: string;
  attributes: [string, string][];
  children: Map<string, Lossless>;
  text: string;
}

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^>[]*>|<\/([^\s<>/]+)\s*>|<([A-Za-z_:][^\s<>/="]*)((?:\s+[^\s=<>/"'\d.-][^\s=<>/"']*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const code = /^#x([0-9a-f]+)$/i.exec(name)?.[1] ?? /^#(\d+)$/.exec(name)?.[1];
    if (!whole.endsWith(';')) throw new NotParsed('ExpatError: not well-formed (invalid token)');
    if (code !== undefined)
      return String.fromCodePoint(Number.parseInt(code, name.startsWith('#x') ? 16 : 10));
    if (!Object.hasOwn(ENTITIES, name)) throw new NotParsed('ExpatError: undefined entity');
    return ENTITIES[name]!;
  });
}

/** Line and column (from 0) of a place. */
function place(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${Array.from(lines.at(-1)!).length}`;
}

const NAME = String.raw`[A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*`;
/** As much of a tag as is right; the end of the text may come anywhere in it. */
const BEGUN = new RegExp(
  String.raw`<\/?(?:${NAME}(?:\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*(?:\s+(?:${NAME}\s*(?:=\s*(?:"[^"<]*|'[^'<]*)?)?)?)?\/?)?`,
  'y',
);

/** What is wrong with a tag that cannot be read, and where. */
function brokenAt(text: string, at: number): NotParsed {
  BEGUN.lastIndex = at;
  const end = at + (BEGUN.exec(text)?.[0].length ?? 0);
  if (end > at && end === text.length) return new NotParsed(`ExpatError: unclosed token: ${place(text, at)}`);
  return new NotParsed(`ExpatError: not well-formed (invalid token): ${place(text, end)}`);
}

/**
 * An XML document as `xmltodict` gives it: an element is its text, or null, or a mapping of its attributes (`@name`),
 * children (lists where they repeat) and text (`#text`).
 */
export function parseXml(text: string): Lossless {
  const stack: Element[] = [{ name: '', attributes: [], children: new Map(), text: '' }];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const [outer, open] = [stack.length === 1, stack.at(-1)!];
    const done = stack[0]!.children.size > 0;
    if (match === null) throw brokenAt(text, at);
    const [whole, data, closing, opening, attributes = '', empty, words] = match;
    if (words !== undefined) {
      if (!outer) open.text += decoded(words);
      else if (strip(words) !== '') {
        const column = at + (words.length - words.trimStart().length);
        throw new NotParsed(
          `ExpatError: ${done ? 'junk after document element' : 'syntax error'}: ${place(text, column)}`,
        );
      }
    } else if (data !== undefined) open.text += data;
    else if (opening !== undefined) {
      if (outer && done) throw new NotParsed(`ExpatError: junk after document element: ${place(text, at)}`);
      stack.push({ name: opening, attributes: attributesOf(attributes), children: new Map(), text: '' });
      if (empty === '/') close(stack);
    } else if (closing !== undefined) {
      if (open.name !== closing || outer)
        throw new NotParsed(`ExpatError: mismatched tag: ${place(text, at + 2)}`);
      close(stack);
    }
    at += whole.length;
  }
  if (stack.length > 1 || stack[0]!.children.size === 0) {
    throw new NotParsed(`ExpatError: no element found: ${place(text, text.length)}`);
  }
  return stack[0]!.children;
}

function attributesOf(text: string): [string, string][] {
  return Array.from(text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), ([, name, one, two]) => [
    `@${name!}`,
    decoded(one ?? two ?? ''),
  ]);
}

function close(stack: Element[]): void {
  const { name, attributes, children, text } = stack.pop()!;
  const words = strip(text);
  const parts = new Map<string, Lossless>([...attributes, ...children]);
  if (parts.size > 0 && words !== '') parts.set('#text', words);
  const value: Lossless = parts.size > 0 ? parts : words === '' ? null : words;
  const siblings = stack.at(-1)!.children;
  const before = siblings.get(name);
  if (before === undefined && !siblings.has(name)) siblings.set(name, value);
  else siblings.set(name, Array.isArray(before) ? [...before, value] : [before ?? null, value]);
}
