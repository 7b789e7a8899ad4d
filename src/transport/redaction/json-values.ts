const BACKSLASH = 92;
const COLON = 58;

/** The index just after the string that starts at `start`; the end of the text when it has no end. */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let back = at - 1;
    while (text.charCodeAt(back) === BACKSLASH) back -= 1;
    if ((at - back) % 2 === 1) return at + 1;
  }
  return text.length;
}

function followedByColon(text: string, at: number): boolean {
  let code = text.charCodeAt(at);
  while (code === 32 || code === 9 || code === 10 || code === 13) code = text.charCodeAt((at += 1));
  return code === COLON;
}

/**
 * JSON text with each string value replaced by what `value` makes of it, and each key by what `key` does; both get
 * the decoded text. Everything else, and every string that stays the same, keeps its text: `1.0` stays a float.
 */
export function replaceInJson(
  text: string,
  value: (decoded: string) => string,
  key: (decoded: string) => string,
): string {
  let out = '';
  let from = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    const end = stringEnd(text, at);
    const decoded = JSON.parse(text.slice(at, end)) as string;
    const replaced = followedByColon(text, end) ? key(decoded) : value(decoded);
    if (replaced !== decoded) {
      out += text.slice(from, at) + JSON.stringify(replaced);
      from = end;
    }
    at = end;
  }
  return from === 0 ? text : out + text.slice(from);
}
