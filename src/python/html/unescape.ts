import { ENTITIES, WITHOUT_SEMICOLON } from './entities.js';

const REFERENCE = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;

/** What Windows-1252 has from 0x80 to 0x9f; a control character where it has nothing. */
const WINDOWS_1252 = Array.from('€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ');

/** Names as they may stand after `&`, some without their semicolon. Made when the first is met. */
let named: ReadonlyMap<string, string> | undefined;

function names(): ReadonlyMap<string, string> {
  if (named !== undefined) return named;
  const found = new Map<string, string>();
  for (const entry of ENTITIES.split(' ')) {
    const [name, codes] = entry.split(':') as [string, string];
    const points = codes.split(',').map((code) => Number.parseInt(code, 16));
    found.set(`${name};`, String.fromCodePoint(...points));
  }
  for (const name of WITHOUT_SEMICOLON.split(' ')) found.set(name, found.get(`${name};`)!);
  return (named = found);
}

/** `html.unescape(text)`: character references of HTML 5 as the characters that they stand for. */
export function unescapeHtml(text: string): string {
  return text.replace(REFERENCE, (_whole, reference: string) =>
    reference.startsWith('#') ? numbered(reference.slice(1)) : byName(reference),
  );
}

function numbered(digits: string): string {
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  if (code === 0 || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return '\ufffd';
  // References into the second control block mean the characters of Windows-1252.
  if (code >= 0x80 && code <= 0x9f) return WINDOWS_1252[code - 0x80]!;
  return isNoCharacter(code) ? '' : String.fromCodePoint(code);
}

function isNoCharacter(code: number): boolean {
  if (code < 0x20) return !'\t\n\f\r'.includes(String.fromCharCode(code));
  return code === 0x7f || (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
}

/** The name, or the longest start of it that is one. */
function byName(reference: string): string {
  for (let length = reference.length; length > 1; length--) {
    const found = names().get(reference.slice(0, length));
    if (found !== undefined) return found + reference.slice(length);
  }
  return `&${reference}`;
}
