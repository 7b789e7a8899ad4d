import type { Node, Scalar } from './tree/index.js';
import { Float } from './tree/index.js';
import { readPlainScalar } from './yaml/index.js';

/** Text that needs no quotes, provided that it does not read as another type. */
const PLAIN = /^[A-Za-z0-9_./$(+-](?:[^\u0000-\u001f\u007f-\uffff:#"'`{}[\],]|:(?=[^\s:])|[,'](?=\S))*$/;

/** YAML text of a tree that reads back to the same values: keys in order, floats as floats, text as text. */
export function treeToYaml(root: Node): string {
  if (root.kind !== 'scalar' && isEmpty(root)) return `${inline(root)}\n`;
  return `${root.kind === 'scalar' ? scalarYaml(root.value, '') : block(root, '').join('\n')}\n`;
}

/** The lines of a container that is not empty. */
function block(node: Exclude<Node, { kind: 'scalar' }>, indent: string): string[] {
  if (node.kind === 'map') {
    return [...node.entries].flatMap(([key, child]) =>
      entry(`${indent}${keyYaml(key)}:`, child, `${indent}  `),
    );
  }
  return node.items.flatMap((item) => {
    if (item.kind === 'scalar' || isEmpty(item)) return entry(`${indent}-`, item, `${indent}  `);
    const [first = '', ...rest] = block(item, `${indent}  `);
    return [`${indent}- ${first.trimStart()}`, ...rest];
  });
}

function entry(head: string, child: Node, indent: string): string[] {
  if (child.kind === 'scalar') return [`${head} ${scalarYaml(child.value, indent)}`];
  return isEmpty(child) ? [`${head} ${inline(child)}`] : [head, ...block(child, indent)];
}

function isEmpty(node: Exclude<Node, { kind: 'scalar' }>): boolean {
  return node.kind === 'map' ? node.entries.size === 0 : node.items.length === 0;
}

function inline(node: Node): string {
  return node.kind === 'map' ? '{}' : '[]';
}

function keyYaml(key: string): string {
  return isPlain(key) ? key : JSON.stringify(key);
}

function scalarYaml(value: Scalar, indent: string): string {
  if (value instanceof Float) return floatYaml(value);
  if (typeof value !== 'string') return String(value);
  if (isPlain(value)) return value;
  const lines = value.split('\n');
  // A block keeps prompts legible; it cannot show control characters or begin with a blank.
  const legible = lines.length > 1 && /^\S/.test(value) && !/[^\n\u0020-\u007e\u00a0-\ufdff]/.test(value);
  if (!legible || /\n\n$/.test(value)) return JSON.stringify(value);
  const open = value.endsWith('\n');
  const body = (open ? lines.slice(0, -1) : lines).map((line) => (line === '' ? '' : `${indent}${line}`));
  return [open ? '|' : '|-', ...body].join('\n');
}

function isPlain(text: string): boolean {
  if (!PLAIN.test(text) || text.endsWith(' ') || /^(?:-|\?|---|\.\.\.)(?:\s|$)/.test(text)) return false;
  // PyYAML alone would make a date of it.
  if (/^\d{4}-\d\d?-\d\d?/.test(text)) return false;
  const read = readPlainScalar(text);
  return 'value' in read && read.value === text;
}

function floatYaml(float: Float): string {
  const text = float.toString();
  if (/inf$|nan$/.test(text)) return text.replace('inf', '.inf').replace('nan', '.nan');
  // PyYAML alone, without OmegaConf's changes, needs the dot to see a float.
  return text.replace(/^(-?\d+)e/, '$1.0e');
}
