import type { MapNode, Node } from '../tree/index.js';
import { scalar } from '../tree/index.js';
import { holdsHeaders, isSecretHeader, isSecretKey, MASK } from './secret-keys.js';
import { maskUrls, maskValues, urlPasswords } from './text.js';

/** Shorter text is not removed by value: it would cut pieces out of ordinary answers. Unit: characters. */
const MIN_LENGTH = 8;

/** Words that stand where a credential would and are none. */
const PLACEHOLDERS = new Set(['not-needed', 'not_needed', 'placeholder', 'undefined', 'no-key-required']);

/** A secret value and where it stands: the shortest path of a key, or the name of an environment variable. */
export interface NamedSecret {
  key: string;
  value: string;
}

/**
 * Every credential in a resolved tree: text under a secret key, and passwords in URLs; longest first. `known` are
 * values that came from environment variables with a secret name, by value.
 */
export function findSecrets(root: Node, known: ReadonlyMap<string, string> = new Map()): NamedSecret[] {
  const found = new Map<string, string>();
  const add = (value: string, key: string): void => {
    if (value.trim() === '') return;
    const shortest = found.get(value);
    if (shortest === undefined || key.split('.').length < shortest.split('.').length) found.set(value, key);
  };
  const visit = (node: Node, path: readonly string[], secret: boolean): void => {
    if (node.kind === 'list') for (const item of node.items) visit(item, path, secret);
    else if (node.kind === 'map') {
      for (const [key, child] of node.entries) visit(child, [...path, key], secret || isSecretKey(key));
    } else if (typeof node.value === 'string') {
      if (secret) {
        add(node.value, path.join('.'));
        add(node.value.replace(/^(?:Bearer|Basic) +/i, ''), path.join('.'));
      }
      for (const password of urlPasswords(node.value)) add(password, path.join('.'));
    }
  };
  for (const [value, name] of known) add(value, name);
  visit(root, [], false);
  return [...found].map(([value, key]) => ({ key, value })).sort((a, b) => b.value.length - a.value.length);
}

/** Of the secrets those that are masked by value in what is printed of a configuration. */
export function maskedValues(secrets: readonly NamedSecret[]): string[] {
  return secrets
    .map(({ value }) => value)
    .filter((value) => value.length >= MIN_LENGTH && !PLACEHOLDERS.has(value.toLowerCase()));
}

/** A copy fit for printing: values of secret keys, secrets inside other text and URL passwords are masked. */
export function redactTree<Tree extends Node>(root: Tree, secrets: readonly string[]): Tree {
  const visit = (node: Node, secret: boolean, headers = false): Node => {
    if (node.kind === 'list') return { ...node, items: node.items.map((item) => visit(item, secret)) };
    if (node.kind === 'map') {
      const masked = (key: string): boolean => secret || isSecretKey(key) || (headers && isSecretHeader(key));
      return mapEntries(node, (key, child) => visit(child, masked(key), holdsHeaders(key)));
    }
    if (secret) return node.value === null || node.value === '' ? node : { ...node, value: MASK };
    return typeof node.value === 'string'
      ? { ...node, value: maskUrls(maskValues(node.value, secrets)) }
      : node;
  };
  return visit(root, false) as Tree;
}

function mapEntries(node: MapNode, of: (key: string, child: Node) => Node): Node {
  return { ...node, entries: new Map([...node.entries].map(([key, child]) => [key, of(key, child)])) };
}

/** One value as shown in an explanation. `secret`: its path says that it is masked. */
export function shownScalar(secret: boolean, value: Node, secrets: readonly string[]): Node {
  const key = secret ? 'secret' : '';
  const wrapped: MapNode = { kind: 'map', entries: new Map([[key, value]]), origin: value.origin };
  return redactTree(wrapped, secrets).entries.get(key) ?? scalar(MASK, value.origin);
}
