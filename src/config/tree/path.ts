import type { ListNode, MapNode, Node } from './node.js';

/** A position in a tree: mapping keys as text, list positions as numbers. */
export type Path = readonly (string | number)[];

/** `a.b[0].c`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** Reads `a.b[0].c` and `a.b.0.c`; every part comes back as text, {@link child} takes it for lists too. */
export function splitPath(text: string): string[] {
  return text
    .replace(/\[([^\]]*)\]/g, '.$1')
    .split('.')
    .filter((part) => part !== '');
}

/** The child under a key or position; undefined when there is none. */
export function child(node: Node, part: string | number): Node | undefined {
  if (node.kind === 'map') return node.entries.get(String(part));
  if (node.kind === 'scalar') return undefined;
  const index = typeof part === 'number' ? part : /^\d+$/.test(part) ? Number(part) : -1;
  return node.items[index];
}

/** Walks down; undefined when a step is missing. */
export function lookup(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const part of path) {
    if (node === undefined) return undefined;
    node = child(node, part);
  }
  return node;
}

/** The children of a container with their keys or positions. */
export function children(node: MapNode | ListNode): [string | number, Node][] {
  return node.kind === 'map' ? [...node.entries] : node.items.map((item, index) => [index, item]);
}

/** Calls `visit` for every scalar, in order. */
export function eachScalar(
  node: Node,
  visit: (leaf: Extract<Node, { kind: 'scalar' }>, path: Path) => void,
  path: Path = [],
): void {
  if (node.kind === 'scalar') visit(node, path);
  else for (const [part, below] of children(node)) eachScalar(below, visit, [...path, part]);
}
