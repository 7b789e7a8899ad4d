/** How many words must be put in, left out or replaced to make one list the other (Levenshtein). */
export function editDistance(one: readonly string[], two: readonly string[]): number {
  let last = Array.from({ length: two.length + 1 }, (_, at) => at);
  for (const [i, word] of one.entries()) {
    const next = [i + 1];
    for (const [j, other] of two.entries()) {
      next.push(Math.min(next[j]! + 1, last[j + 1]! + 1, last[j]! + Number(word !== other)));
    }
    last = next;
  }
  return last.at(-1)!;
}
