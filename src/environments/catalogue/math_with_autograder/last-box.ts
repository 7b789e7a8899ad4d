/** What stands in the last `\boxed{…}` of a text, or the last `\fbox{…}` where it has none of those; null for neither. */
export function lastBox(text: string): string | null {
  const boxed = text.lastIndexOf(String.raw`\boxed`);
  const start = boxed === -1 ? text.lastIndexOf(String.raw`\fbox`) : boxed;
  if (start === -1) return null;
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}' && --depth === 0) {
      const [, content = null] = /^\\(?:boxed|fbox)\{([\s\S]*)\}$/.exec(text.slice(start, at + 1)) ?? [];
      return content;
    }
  }
  return null;
}
