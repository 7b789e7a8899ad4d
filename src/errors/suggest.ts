/** Edit distance with adjacent swaps (optimal string alignment); unit: edits. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => {
    const row = new Array<number>(b.length + 1).fill(0);
    row[0] = i;
    return row;
  });
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      }
      rows[i]![j] = best;
    }
  }
  return rows[a.length]![b.length]!;
}

/** The known words nearest to `word`, best first, at most three; empty when nothing is near. */
export function nearest(word: string, known: Iterable<string>): string[] {
  const wanted = word.toLowerCase();
  return [...new Set(known)]
    .map((candidate) => {
      const lower = candidate.toLowerCase();
      const prefix = wanted.length >= 3 && (lower.startsWith(wanted) || wanted.startsWith(lower));
      return {
        candidate,
        score: prefix ? 0.5 : distance(wanted, lower),
        length: Math.max(wanted.length, lower.length),
      };
    })
    .filter(({ score, length }) => score <= Math.max(1, length * 0.4))
    .sort((a, b) => a.score - b.score || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/**
 * The known word that `word` is a slip of the pen for: one edit away, or two in a word of eight letters and more.
 * Narrower than {@link nearest}, for where a slip is refused and a word of somebody else's must pass.
 */
export function misspelling(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  const most = wanted.length < 8 ? 1 : 2;
  return nearest(word, known).find((candidate) => {
    const edits = distance(wanted, candidate.toLowerCase());
    return candidate !== word && edits <= most;
  });
}

/** ` Did you mean "x"?`, or an empty string when nothing is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const found = nearest(word, known);
  return found.length === 0 ? '' : ` Did you mean ${found.map((name) => `"${name}"`).join(' or ')}?`;
}
