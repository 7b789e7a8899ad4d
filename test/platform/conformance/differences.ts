import type { Played } from './play.js';

/** Where we answer otherwise on purpose: which steps, and why ours is better. */
export interface Difference {
  readonly reason: string;
  covers(played: Played): boolean;
}

const recorded = ({ step }: Played): number => step.response?.status ?? 0;
const only = ({ unequal }: Played, ...parts: string[]): boolean =>
  unequal.every((part) => parts.includes(part));

/** Paths of things that are not built yet: their steps are counted by themselves. */
export const NOT_BUILT = /\/(deployments|deployment-configs|adapters)\b|^\/apis\/files\//;

export const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'a request that is wrong is refused with 4xx, not answered with 500',
    covers: (played) =>
      recorded(played) === 500 && played.response.status >= 400 && played.response.status < 500,
  },
];
