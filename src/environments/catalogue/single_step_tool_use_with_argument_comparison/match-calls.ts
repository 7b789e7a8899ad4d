/**
 * The largest possible set of pairs, `candidates[expected]` being the actual ones that fit: actual to expected. What
 * fits several is moved where another would be left over (Kuhn's algorithm).
 */
export function largestMatching(candidates: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const place = (expected: number, seen: Set<number>): boolean => {
    for (const actual of candidates[expected]!) {
      if (seen.has(actual)) continue;
      seen.add(actual);
      const holder = pairs.get(actual);
      if (holder !== undefined && !place(holder, seen)) continue;
      pairs.set(actual, expected);
      return true;
    }
    return false;
  };
  // Those with the least choice first, which also decides which ones are left over.
  const order = [...candidates.keys()].sort((a, b) => candidates[a]!.length - candidates[b]!.length);
  for (const expected of order) place(expected, new Set());
  return pairs;
}
