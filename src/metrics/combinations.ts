/**
 * a / b rounded once to the nearest double, for positive integers of any size.
 * @param bits about how many bits b has more than a
 */
function ratio(a: bigint, b: bigint, bits: number): number {
  if (a === 0n) return 0;
  // Some ten bits more than the 64 that matter, for what `bits` may be off.
  const shift = Math.max(0, Math.ceil(bits) + 80);
  const scaled = a << BigInt(shift);
  const quotient = scaled / b;
  const sticky = scaled === quotient * b ? 0n : 1n;
  return Number(quotient | sticky) * 2 ** -shift;
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
  let bits = 0;
  for (let k = 1; k <= wrong; k++) {
    bits += Math.log2((n - k + 1) / (wrong - k + 1));
    // From here on the ratio is below 2^-60, and 1 − it is 1.
    if (bits > 61) break;
    ofWrong = (ofWrong * BigInt(wrong - k + 1)) / BigInt(k);
    ofAll = (ofAll * BigInt(n - k + 1)) / BigInt(k);
    table[k - 1] = 1 - ratio(ofWrong, ofAll, bits);
  }
  if (cache.size > 10_000) cache.clear();
  cache.set(key, table);
  return table;
}
