/** Below this many values NumPy adds one after the other in eight lanes; above it, it halves. */
const BLOCK = 128;

function block(values: Float64Array, from: number, to: number): number {
  const n = to - from;
  let sum = 0;
  if (n < 8) {
    for (let i = from; i < to; i++) sum += values[i]!;
    return sum;
  }
  const lanes = new Float64Array(8);
  const even = from + (n - (n % 8));
  for (let i = from; i < even; i += 8) {
    for (let lane = 0; lane < 8; lane++) lanes[lane]! += values[i + lane]!;
  }
  const [a, b, c, d, e, f, g, h] = lanes as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  sum = a + b + (c + d) + (e + f + (g + h));
  for (let i = even; i < to; i++) sum += values[i]!;
  return sum;
}

/** Sum of `values[from, to)` in NumPy's pairwise order, so that means agree with pandas to the last digit. */
export function pairwiseSum(values: Float64Array, from = 0, to = values.length): number {
  const n = to - from;
  if (n <= BLOCK) return block(values, from, to);
  let half = Math.floor(n / 2);
  half -= half % 8;
  return pairwiseSum(values, from, from + half) + pairwiseSum(values, from + half, to);
}

/**
 * Sample standard deviation (n − 1) of the first 1, 2, … values, each added one value after the other as the reference
 * does; NaN for one value. Index n − 1 holds the first n. The squares are added anew for each n, since the mean moves.
 */
export function sampleDeviations(values: readonly number[]): Float64Array {
  const column = Float64Array.from(values);
  const found = new Float64Array(column.length).fill(Number.NaN);
  let sum = 0;
  for (let n = 1; n <= column.length; n++) {
    sum += column[n - 1]!;
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (column[i]! - mean) * (column[i]! - mean);
    if (n > 1) found[n - 1] = Math.sqrt(squares / (n - 1));
  }
  return found;
}
