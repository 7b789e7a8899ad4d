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

/** As {@link lastBoxContent}, but null too where the last `\boxed` of all has no brace right behind it. */
export const contentOfLastBox = (text: string): string | null =>
  text.startsWith(OPENING, text.lastIndexOf('\\boxed')) ? lastBoxContent(text) : null;
