import type { ConfigObject, ConfigValue, Origin } from '../types.js';
import { Float } from './float.js';

/** What one position of a configuration can hold; a whole number is a `number`, any other a {@link Float}. */
export type Scalar = null | boolean | number | string | Float;

interface Base {
  readonly origin: Origin;
  /** What this node replaced or was merged over, newest first along the chain. */
  readonly previous?: Node | undefined;
  /** The interpolation as written, on a node that was computed from one. */
  readonly written?: string | undefined;
}

export interface ScalarNode extends Base {
  readonly kind: 'scalar';
  readonly value: Scalar;
}

export interface ListNode extends Base {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends Base {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Node>;
}

/** A configuration tree that knows where each value came from. Never changed in place. */
export type Node = ScalarNode | ListNode | MapNode;

export function emptyMap(origin: Origin = { source: 'default' }): MapNode {
  return { kind: 'map', entries: new Map(), origin };
}

export function scalar(value: Scalar, origin: Origin): ScalarNode {
  return { kind: 'scalar', value, origin };
}

/** Python's `str()` of a scalar, as used when a value is put inside text and for mapping keys in text. */
export function scalarText(value: Scalar): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** The plain value of a node: origins dropped, floats as numbers. */
export function toPlain(node: Node): ConfigValue {
  if (node.kind === 'list') return node.items.map(toPlain);
  if (node.kind === 'map') return mapToPlain(node);
  return node.value instanceof Float ? node.value.value : node.value;
}

export function mapToPlain(node: MapNode): ConfigObject {
  const plain: ConfigObject = {};
  for (const [key, child] of node.entries) {
    // A key named __proto__ must become data, not the prototype.
    Object.defineProperty(plain, key, {
      value: toPlain(child),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return plain;
}

/** The node of a plain value, every part with the same origin. */
export function fromPlain(value: ConfigValue, origin: Origin): Node {
  if (Array.isArray(value))
    return { kind: 'list', items: value.map((item) => fromPlain(item, origin)), origin };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, child]) => [key, fromPlain(child, origin)] as const);
    return { kind: 'map', entries: new Map(entries), origin };
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return scalar(new Float(value), origin);
  return scalar(value, origin);
}

/** A copy of `base` with one entry set; key order is kept. */
export function withEntry(base: MapNode, key: string, child: Node): MapNode {
  return { ...base, entries: new Map(base.entries).set(key, child) };
}
