const SPREAD = ['/std_dev_across_runs', '/std_err_across_runs', '/avg_sample_std_dev'];

/** The default headline metrics: every `mean/…`. */
export function meanMetrics<Value>(metrics: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => name.startsWith('mean/')));
}

/**
 * Picks headline metrics by pattern. `{k}` in a pattern stands for the largest number that any metric has there:
 * `pass@1[avg-of-{k}]/accuracy` picks `pass@1[avg-of-8]/accuracy` when 8 is the largest. A `*` stands for any name
 * without a slash. Spread figures (`…/std_dev_across_runs`) are never picked by a `*`.
 */
export function selectKeyMetrics<Value>(
  metrics: Readonly<Record<string, Value>>,
  patterns: readonly string[],
): Record<string, Value> {
  const picked: Record<string, Value> = {};
  for (const pattern of patterns) {
    const expression = new RegExp(
      `^${pattern
        .replace(/[.+?^${}()|[\]\\*]/g, '\\$&')
        .replace('\\{k\\}', '(?<k>\\d+)')
        .replaceAll('\\*', '[^/]+')}$`,
    );
    const found = Object.keys(metrics)
      .map((name) => ({ name, match: expression.exec(name) }))
      .filter(({ name, match }) => match !== null && !SPREAD.some((suffix) => name.endsWith(suffix)))
      .map(({ name, match }) => ({ name, k: Number(match?.groups?.['k'] ?? 0) }));
    const highest = Math.max(...found.map(({ k }) => k));
    for (const { name, k } of found) if (k === highest) picked[name] = metrics[name]!;
  }
  return picked;
}
