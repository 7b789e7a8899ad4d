import { CallFailure } from '../../../protocol/index.js';
import { parseIntText } from '../../../python/index.js';

/** Where the names of the columns of a CSV text stand. */
export const HEADERS = 'csv_headers';

/** The steps of a path `a.b[0].*`; between backticks, points and brackets are letters. */
function stepsOf(path: string): string[] {
  if (path.startsWith('csv::')) return [path];
  const steps: string[] = [];
  let [name, quoted] = ['', false];
  const end = (): void => {
    if (name !== '') steps.push(name);
    name = '';
  };
  for (let at = 0; at < path.length; at++) {
    const letter = path[at]!;
    if (letter === '`') quoted = !quoted;
    else if (letter === '.' && !quoted) end();
    else if (letter === '[' && !quoted) {
      end();
      const close = path.indexOf(']', at);
      if (close === -1)
        throw new CallFailure('row_invalid', `raw_output_metric: "${path}" has an open bracket`);
      steps.push(path.slice(at, close + 1));
      at = close;
    } else name += letter;
  }
  end();
  return steps;
}

/** Whether there is something at a path: a column (`csv::name`), a key, an entry (`[0]`), or one of any entry (`*`). */
export function hasPath(value: unknown, path: string): boolean {
  return walk(value, stepsOf(path));
}

function walk(node: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true;
  if (node instanceof Map && node.has(HEADERS) && step.startsWith('csv::')) {
    const names: unknown = node.get(HEADERS);
    const isNamed = (Array.isArray(names) || typeof names === 'string') && names.includes(step.slice(5));
    return rest.length === 0 && isNamed;
  }
  if (step === '*') return Array.isArray(node) && node.some((item) => walk(item, rest));
  if (step.startsWith('[') && step.endsWith(']')) {
    const index = parseIntText(step.slice(1, -1)) ?? -1;
    return Array.isArray(node) && index >= 0 && index < node.length && walk(node[index], rest);
  }
  if (!(node instanceof Map)) return false;
  if (node.has(step)) return walk(node.get(step), rest);
  // An attribute of XML may go without its sign.
  const attribute = step.slice(1);
  return step.startsWith('@') && node.has(attribute) && walk(node.get(attribute), rest);
}
