import { errors } from '../../errors/index.js';
import type { Value } from '../grammar/index.js';
import { Dict, Template } from '../grammar/index.js';
import { maskArgument } from '../redact/index.js';
import type { MapNode, Node, Path, Scalar } from '../tree/index.js';
import { emptyMap, lookup, merge, scalar, toPlain, withEntry } from '../tree/index.js';
import type { Origin } from '../types.js';
import type { Override } from './parse-override.js';
import { parseOverride } from './parse-override.js';

/** What the command line comes to by itself, before files are known, with notices about ignored arguments. */
export function applyOverrides(tokens: readonly string[]): { root: MapNode; warnings: string[] } {
  const warnings: string[] = [];
  let root = emptyMap();
  for (const token of tokens) {
    const override = parseOverride(token);
    if (/^hydra(?:[./]|$)/.test(override.key)) {
      warnings.push(`"${override.key}" configures Hydra, which is not used here; the argument is ignored.`);
    } else root = applyOne(root, override);
  }
  return { root, warnings };
}

function applyOne(root: MapNode, override: Override): MapNode {
  const { key, operation, value } = override;
  if (key === '') throw errors.configOverrideNoKey(maskArgument(override));
  const path = key.includes('/') ? [key] : key.split('.');
  const existing = lookup(root, path);
  if (operation === 'delete') return removeAt(root, path, override, existing);
  const node = toNode(value ?? null, { source: 'argument', text: maskArgument(override) });
  if (operation === 'change' && existing === undefined)
    throw errors.configOverrideNotSet(key, maskArgument(override));
  const taken = existing !== undefined && !(existing.kind === 'scalar' && existing.value === null);
  if (operation === 'add' && taken && node.kind === 'scalar') {
    throw errors.configOverrideTaken(key, override.text, existing.origin.text ?? '');
  }
  return setAt(root, path, node, override) as MapNode;
}

function setAt(node: Node | undefined, path: Path, value: Node, override: Override): Node {
  const [part, ...rest] = path;
  if (part === undefined) {
    if (node?.kind === 'map' && value.kind === 'map') return merge(node, value);
    return node === undefined ? value : { ...value, previous: node };
  }
  if (node?.kind === 'list' && /^\d+$/.test(String(part))) {
    const index = Number(part);
    if (index >= node.items.length) {
      throw errors.configOverrideIndex(override.key, node.items.length, override.text);
    }
    return { ...node, items: node.items.with(index, setAt(node.items[index], rest, value, override)) };
  }
  const map = node?.kind === 'map' ? node : { ...emptyMap(value.origin), previous: node };
  return withEntry(map, String(part), setAt(map.entries.get(String(part)), rest, value, override));
}

function removeAt(root: MapNode, path: Path, override: Override, existing: Node | undefined): MapNode {
  if (existing === undefined) throw errors.configOverrideDelete(override.key, maskArgument(override));
  if (override.value !== undefined) {
    const wanted = toPlain(toNode(override.value, existing.origin));
    if (JSON.stringify(wanted) !== JSON.stringify(toPlain(existing))) {
      throw errors.configOverrideDeleteValue(override.key, maskArgument(override));
    }
  }
  return without(root, path) as MapNode;
}

function without(node: Node, [part, ...rest]: Path): Node {
  if (part === undefined || node.kind === 'scalar') return node;
  if (node.kind === 'list') {
    const index = Number(part);
    const items =
      rest.length === 0
        ? node.items.toSpliced(index, 1)
        : node.items.with(index, without(node.items[index]!, rest));
    return { ...node, items };
  }
  const entries = new Map(node.entries);
  if (rest.length === 0) entries.delete(String(part));
  else entries.set(String(part), without(entries.get(String(part))!, rest));
  return { ...node, entries };
}

/** The tree of a parsed value, every part with the same origin. */
export function toNode(value: Value, origin: Origin): Node {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => toNode(item, origin)), origin };
  if (value instanceof Dict) {
    const entries = value.entries.map((entry) => [keyText(entry.key), toNode(entry.value, origin)] as const);
    return { kind: 'map', entries: new Map(entries), origin };
  }
  if (value instanceof Template) throw new Error('a template must be evaluated before it becomes a node');
  return scalar(value, origin);
}

function keyText(key: Scalar): string {
  return typeof key === 'object' && key !== null ? key.toString() : String(key);
}
