import { lower, pythonRegex, strip, stripStart } from '../../python/index.js';

const PREFIX = pythonRegex(String.raw`\*{0,2}Judgement\*{0,2}\s*:`, { ignoreCase: true });

export type Judgement = 'Yes' | 'No';

/** What follows the first `Judgement:`, Markdown allowed; null where it begins with neither yes nor no. */
export function readJudgement(text: string): Judgement | null {
  const match = PREFIX.search(text);
  if (match === undefined) return null;
  const said = lower(strip(stripStart(strip(text.slice(match.end())), '*')));
  if (said.startsWith('yes')) return 'Yes';
  return said.startsWith('no') ? 'No' : null;
}
