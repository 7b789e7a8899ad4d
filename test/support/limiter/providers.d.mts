import type { ModelledProvider, Random } from './limiter.d.mts';

export declare function seeded(seed: number): Random;
export declare function randomFaults(
  random: Random,
  options?: { meanMs?: number; refused?: number; broken?: number; toldMs?: number },
): ModelledProvider;
export declare function atATime(
  random: Random,
  limitAt: (now: number) => number,
  options?: { meanMs?: number; toldMs?: number; refusalMs?: number },
): ModelledProvider;
export declare function tokensPerMinute(
  random: Random,
  tokens: number,
  options?: { meanMs?: number; tells?: boolean },
): ModelledProvider;
export declare function tokenBucket(
  random: Random,
  tokens: number,
  options?: { meanMs?: number },
): ModelledProvider;
export declare function slowing(
  random: Random,
  slower: (open: number) => number,
  options?: { meanMs?: number },
): ModelledProvider;
export declare function brownOut(
  random: Random,
  capacity: number,
  span: [number, number],
  options?: { meanMs?: number },
): ModelledProvider;
