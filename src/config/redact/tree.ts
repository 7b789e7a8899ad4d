import type { MapNode, Node } from '../tree/index.js';
import { scalar } from '../tree/index.js';
import { isSecretKey, MASK } from './secret-keys.js';
import { maskUrls, maskValues, urlPasswords } from './text.js';

/** Shorter text is not removed by value: it would cut pieces out of ordinary answers. Unit: characters. */
const MIN_LENGTH = 8;

/** Words that stand where a credential would and are none. */
const PLACEHOLDERS = new Set(['not-needed', 'not_needed', 'placeholder', 'undefined', 'no-key-required']);

/**
 * Every credential in a resolved tree: text under a secret key, and passwords in URLs; longest first.
 * `known` are values that came from environment variables with a secret name.
 */
export function collectSecrets(root: Node, known: Iterable<string> = []): string[] {
  const found = new Set<string>(known);
  const visit = (node: Node, secret: boolean): void => {
    if (node.kind === 'list') for (const item of node.items) visit(item, secret);
    else if (node.kind === 'map') {
      for (const [key, child] of node.entries) visit(child, secret || isSecretKey(key));
    } else if (typeof node.value === 'string') {
      if (secret) found.add(node.value).add(node.value.replace(/^(?:Bearer|Basic) +/i, ''));
      for (const password of urlPasswords(node.value)) found.add(password);
    }
  };
  visit(root, false);
  return [...found]
    .filter(
      (value) => value.length >= MIN_LENGTH && !PLACEHOLDERS.has(value.toLowerCase()) && value.trim() !== '',
    )
    .sort((a, b) => b.length - a.length);
}

/** A copy fit for printing: values of secret keys, secrets inside other text and URL passwords are masked. */
export function redactTree<Tree extends Node>(root: Tree, secrets: readonly string[]): Tree {
  const visit = (node: Node, secret: boolean): Node => {
    if (node.kind === 'list') return { ...node, items: node.items.map((item) => visit(item, secret)) };
    if (node.kind === 'map') return redactMap(node, secret, visit);
    if (secret) return node.value === null || node.value === '' ? node : { ...node, value: MASK };
    return typeof node.value === 'string'
      ? { ...node, value: maskUrls(maskValues(node.value, secrets)) }
      : node;
  };
  return visit(root, false) as Tree;
}

function redactMap(node: MapNode, secret: boolean, visit: (node: Node, secret: boolean) => Node): Node {
  const entries = new Map<string, Node>();
  for (const [key, child] of node.entries) entries.set(key, visit(child, secret || isSecretKey(key)));
  return { ...node, entries };
}

/** One value as shown in an explanation. */
export function shownScalar(key: string, value: Node, secrets: readonly string[]): Node {
  const wrapped: MapNode = { kind: 'map', entries: new Map([[key, value]]), origin: value.origin };
  return redactTree(wrapped, secrets).entries.get(key) ?? scalar(MASK, value.origin);
}
