const OPENING = '\\boxed{';

/** What stands in the last `\boxed{…}`, braces counted; null when there is none or it is not closed. */
export function lastBoxContent(text: string): string | null {
  const open = text.lastIndexOf(OPENING);
  if (open === -1) return null;
  const start = open + OPENING.length;
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return text.slice(start, at);
  }
  return null;
}
