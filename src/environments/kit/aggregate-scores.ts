/** How the scores of several criteria become one reward. */
export const AGGREGATION_MODES = ['mean', 'min', 'max', 'all', 'any', 'weighted'] as const;

export type AggregationMode = (typeof AGGREGATION_MODES)[number];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One reward of several scores; 0 for none. A score from 0.99 on counts as passed. */
export function aggregateScores(
  mode: AggregationMode,
  scores: readonly number[],
  weights: readonly number[] = scores.map(() => 1),
): number {
  if (scores.length === 0) return 0;
  const total = sum(weights);
  switch (mode) {
    case 'mean':
      return sum(scores) / scores.length;
    case 'min':
      return Math.min(...scores);
    case 'max':
      return Math.max(...scores);
    case 'all':
      return Number(scores.every(isPassed));
    case 'any':
      return Number(scores.some(isPassed));
    case 'weighted':
      return total === 0 ? 0 : sum(scores.map((score, index) => score * weights[index]!)) / total;
  }
}

export const isPassed = (score: number): boolean => score >= 0.99;
