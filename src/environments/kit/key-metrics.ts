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

/** Parts of a score's name that make it the spread of another. */
const SPREADS = /(?:std_dev_across_runs|std_err_across_runs|avg_sample_std_dev)$/;

/** As {@link highestK}, for all scores that there are but for `without`, and for none at a smaller k than another. */
export function allAtHighestK(
  metrics: JsonObject,
  pattern: string,
  without: readonly string[] = [],
): JsonObject {
  const [before = '', after = ''] = pattern.split('{k}');
  const found = Object.entries(metrics).flatMap(([key, value]) => {
    if (!key.startsWith(before)) return [];
    const [, k, rest] = /^(\d+)([\s\S]*)$/.exec(key.slice(before.length)) ?? [];
    if (k === undefined || !rest!.startsWith(`${after}/`)) return [];
    const name = rest!.slice(after.length + 1);
    return name === '' || SPREADS.test(name) || without.includes(name) ? [] : [{ k: Number(k), key, value }];
  });
  const highest = Math.max(...found.map(({ k }) => k));
  return Object.fromEntries(found.filter(({ k }) => k === highest).map(({ key, value }) => [key, value]));
}

/** Tokens, and all pass@1[avg-of-k] and pass@k at the largest k: the headline of scores that are no right or wrong. */
export function tokensAndPasses(metrics: JsonObject): JsonObject {
  return {
    ...pick(metrics, ['mean/input_tokens', 'mean/output_tokens']),
    ...allAtHighestK(metrics, 'pass@1[avg-of-{k}]'),
    ...allAtHighestK(metrics, 'pass@{k}'),
  };
}

/** The headline of questions with one right letter. */
export function choiceHeadline(metrics: JsonObject): JsonObject {
  return {
    ...pick(metrics, ['mean/reward']),
    ...highestK(metrics, 'pass@1[avg-of-{k}]', ['accuracy', 'no_answer']),
    ...highestK(metrics, 'pass@{k}', ['no_answer']),
    ...highestK(metrics, 'majority@{k}', ['accuracy']),
    ...pick(metrics, ['pass@1/accuracy']),
  };
}

/** The entries with these names, those that are there. */
export function pick(metrics: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => name in metrics).map((name) => [name, metrics[name]!]));
}
