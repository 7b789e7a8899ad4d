import { stripStart } from './strings.js';

/** `inspect.cleandoc(text)`: a docstring without its indentation, and without blank lines around it. */
export function cleanDoc(text: string): string {
  const [first = '', ...rest] = text.replaceAll('\t', '        ').split('\n');
  const depths = rest
    .filter((line) => stripStart(line) !== '')
    .map((line) => line.length - stripStart(line).length);
  const depth = Math.min(...depths);
  const lines = [stripStart(first), ...rest.map((line) => (depth === Infinity ? line : line.slice(depth)))];
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  while (lines[0] === '') lines.shift();
  return lines.join('\n');
}
