/** How many rewards lie in `[from, to)`; the last bar includes `to`. `from` = `to` for a single value. */
export interface Bar {
  from: number;
  to: number;
  count: number;
}

const MOST_VALUES = 11;
const BINS = 20;

/** A bar per value when there are at most eleven, else twenty of equal width; ascending. Infinite values are left out. */
export function histogram(values: Float64Array): Bar[] {
  const counts = new Map<number, number>();
  for (const value of values) {
    if (counts.size > MOST_VALUES) break;
    if (Number.isFinite(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size <= MOST_VALUES) {
    return [...counts].sort(([a], [b]) => a - b).map(([value, count]) => ({ from: value, to: value, count }));
  }
  const finite = values.filter((value) => Number.isFinite(value));
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const edge = (i: number): number => low + ((high - low) * i) / BINS;
  const bars = Array.from({ length: BINS }, (_, i) => ({ from: edge(i), to: edge(i + 1), count: 0 }));
  for (const value of finite) {
    const bin = Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS));
    bars[bin]!.count += 1;
  }
  return bars;
}
