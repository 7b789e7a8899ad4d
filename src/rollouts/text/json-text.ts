/**
 * JSON handled as text, so that values which nobody touches keep their form: `1.0` stays a float and a large
 * integer keeps every digit. All functions expect text that `JSON.parse` has accepted.
 */

/** One member of an object: its key, and its value as compact JSON text. */
export interface Member {
  key: string;
  raw: string;
}

/** The index just after the string that starts at `start` (which holds the opening quote). */
function stringEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    at = text.indexOf('"', at + 1);
    if (at < 0) throw new SyntaxError('unterminated string in JSON text');
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 92) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** Escapes that a compact UTF-8 writer would not have used. */
const NEEDLESS_ESCAPE = /\\[u/]/;

/**
 * The same value without spaces between tokens and without needless escapes in strings (`\u00e9` → `é`);
 * numbers keep their digits.
 */
export function compactJson(text: string): string {
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      const end = stringEnd(text, at);
      const literal = text.slice(at, end);
      if (NEEDLESS_ESCAPE.test(literal)) {
        out += text.slice(from, at) + JSON.stringify(JSON.parse(literal));
        from = end;
      }
      at = end;
    } else if (isSpace(code)) {
      out += text.slice(from, at);
      while (isSpace(text.charCodeAt(at))) at += 1;
      from = at;
    } else {
      at += 1;
    }
  }
  return out + text.slice(from);
}

/** The index just after the value that starts at `start` in compact text. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = stringEnd(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (code === 123 || code === 91) depth += 1;
    else if (code === 125 || code === 93) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (code === 44 && depth === 0) return at;
    at += 1;
  }
  return text.length;
}

/**
 * The members of an object given as compact text, in order. A key that occurs twice keeps its first place
 * and its last value, as in every JSON reader.
 */
export function members(object: string): Member[] {
  const found = new Map<string, Member>();
  for (let at = 1; at < object.length - 1;) {
    const keyEnd = stringEnd(object, at);
    const key = JSON.parse(object.slice(at, keyEnd)) as string;
    const end = valueEnd(object, keyEnd + 1);
    const raw = object.slice(keyEnd + 1, end);
    const known = found.get(key);
    if (known === undefined) found.set(key, { key, raw });
    else known.raw = raw;
    at = end + 1;
  }
  return [...found.values()];
}

/** An object as compact text. */
export function objectText(list: readonly Member[]): string {
  return `{${list.map(({ key, raw }) => `${JSON.stringify(key)}:${raw}`).join(',')}}`;
}

/** Sets a member in place, or adds it at the end. */
export function setMember(list: Member[], key: string, raw: string): void {
  const known = list.find((member) => member.key === key);
  if (known === undefined) list.push({ key, raw });
  else known.raw = raw;
}
