import type { MatchState } from './match-state.js';
import { matchAt } from './run.js';

/**
 * The first match that begins at `from` or later: returns where it begins, or -1; it ends at `state.position`.
 */
export function searchFrom(state: MatchState, from: number): number {
  const { first, minWidth, anchored } = state.program;
  const { text } = state;
  const last = anchored ? 0 : text.length - minWidth;
  for (let start = from; start <= last; start++) {
    if (first !== undefined) {
      const begun = start;
      while (start <= last && !first.has(text[start]!)) start += 1;
      state.spend((start - begun) >> 3);
      if (start > last) return -1;
    }
    if (matchAt(state, start)) return start;
  }
  return -1;
}
