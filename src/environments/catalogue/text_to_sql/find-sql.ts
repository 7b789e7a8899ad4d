import { findAll, pythonRegex, strip, stripEnd } from '../../../python/index.js';

const SQL_BLOCK = pythonRegex('```sql\\s*([\\s\\S]*?)\\s*```', { ignoreCase: true });
const ANY_BLOCK = pythonRegex('```\\s*([\\s\\S]*?)\\s*```');
const STATEMENT = pythonRegex(String.raw`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP)\s`, {
  ignoreCase: true,
});
const KEYWORD = pythonRegex(String.raw`(?:SELECT|INSERT|UPDATE|DELETE|WITH)\s`, { ignoreCase: true });

/**
 * The query of a reply: the last `sql` block; else the last block that begins as a statement does; else all from the
 * first keyword to the last semicolon after it, or to the end. Null when there is none; an empty block is an empty query.
 */
export function findSql(text: string): string | null {
  const marked = findAll(SQL_BLOCK, text).at(-1);
  if (marked !== undefined) return strip(marked);
  const block = findAll(ANY_BLOCK, text)
    .map((content) => strip(content))
    .findLast((content) => STATEMENT.match(content) !== undefined);
  if (block !== undefined) return block;
  const start = KEYWORD.search(text)?.start();
  if (start === undefined) return null;
  const end = text.lastIndexOf(';');
  const query = strip(end >= start ? text.slice(start, end + 1) : text.slice(start));
  return `${stripEnd(query, ';')};`;
}
