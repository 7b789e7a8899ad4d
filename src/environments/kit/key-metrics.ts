import type { JsonObject } from '../../protocol/index.js';

/**
 * The entries `<pattern>/<name>` with the largest k that there is for each name. `pattern` holds `{k}` where the
 * number stands, e.g. `pass@1[avg-of-{k}]`.
 */
export function highestK(metrics: JsonObject, pattern: string, names: readonly string[]): JsonObject {
  const [before = '', after = ''] = pattern.split('{k}');
  const found: JsonObject = {};
  for (const name of names) {
    const suffix = `${after}/${name}`;
    const ks = Object.keys(metrics)
      .filter((key) => key.startsWith(before) && key.endsWith(suffix))
      .map((key) => key.slice(before.length, -suffix.length))
      .filter((k) => /^\d+$/.test(k))
      .map(Number);
    if (ks.length === 0) continue;
    const key = `${before}${Math.max(...ks)}${suffix}`;
    found[key] = metrics[key]!;
  }
  return found;
}

/** The entries with these names, those that are there. */
export function pick(metrics: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => name in metrics).map((name) => [name, metrics[name]!]));
}
