/** a / b rounded once to the nearest double, for positive integers of any size. */
function ratio(a: bigint, b: bigint): number {
  if (a === 0n) return 0;
  // 2^1100 / b would lose bits only if a/b were below 2^-1000, where 1 - a/b is 1 anyway.
  const shift = BigInt(Math.max(0, b.toString(2).length - a.toString(2).length + 70));
  const scaled = a << shift;
  const quotient = scaled / b;
  const sticky = scaled % b === 0n ? 0n : 1n;
  return Number(quotient | sticky) * 2 ** -Number(shift);
}

const cache = new Map<string, Float64Array>();

/**
 * Chance that at least one of k rollouts drawn without replacement from n, of which `wrong` are wrong, is right:
 * 1 − C(wrong, k) / C(n, k), the unbiased estimator of Chen et al. 2021. Index k − 1 of the result holds k, 1 to n.
 */
export function passAtKTable(n: number, wrong: number): Float64Array {
  const key = `${n}/${wrong}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const table = new Float64Array(n).fill(1);
  let ofWrong = 1n;
  let ofAll = 1n;
  for (let k = 1; k <= wrong; k++) {
    ofWrong = (ofWrong * BigInt(wrong - k + 1)) / BigInt(k);
    ofAll = (ofAll * BigInt(n - k + 1)) / BigInt(k);
    table[k - 1] = 1 - ratio(ofWrong, ofAll);
  }
  if (cache.size > 10_000) cache.clear();
  cache.set(key, table);
  return table;
}
