import { mlflowName } from './names.js';

const LONGEST_VALUE = 6000;

export interface Param {
  key: string;
  value: string;
}

type Leaf = string | number | boolean;

function* leaves(value: unknown, path: string): Generator<[string, Leaf]> {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') {
    yield [path, value as Leaf];
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* leaves(item, `${path}.${i}`);
  } else {
    for (const [key, item] of Object.entries(value))
      yield* leaves(item, path === '' ? key : `${path}.${key}`);
  }
}

/** Every leaf of a configuration by its path, `a.b.0` (MLflow takes no brackets); null is left out. Values longer than MLflow takes are cut. */
export function flatParams(config: unknown): Param[] {
  const params = new Map<string, string>();
  for (const [path, value] of leaves(config, '')) {
    params.set(mlflowName(path), String(value).slice(0, LONGEST_VALUE));
  }
  return [...params].map(([key, value]) => ({ key, value }));
}
