import type { SimulatedProvider } from './simulation.js';

/** Answer times between half and one and a half times the mean. */
const spread = (mean: number, random: () => number): number => mean * (0.5 + random());

/** Takes `limitAt(now)` requests at a time; refuses the rest at once, without telling a wait. */
export function concurrencyLimited(
  limitAt: (now: number) => number,
  random: () => number,
  meanMs = 1_000,
): SimulatedProvider {
  let open = 0;
  return {
    arrive(now) {
      if (open >= limitAt(now)) return { result: 'refused', latencyMs: 20 };
      open += 1;
      return { result: 'ok', latencyMs: spread(meanMs, random) };
    },
    leave() {
      open -= 1;
    },
  };
}

/** Takes so many tokens in a sliding window; tells how long to wait. Requests are of 200 to 1,800 tokens. */
export function tokensPerMinute(
  tokens: number,
  random: () => number,
  { meanMs = 1_000, windowMs = 60_000, tellsWait = true } = {},
): SimulatedProvider {
  let recent: { at: number; tokens: number }[] = [];
  return {
    arrive(now) {
      recent = recent.filter(({ at }) => at > now - windowMs);
      const size = 200 + 1_600 * random();
      const used = recent.reduce((sum, entry) => sum + entry.tokens, 0);
      if (used + size > tokens) {
        const waitMs = Math.max(0, recent[0]!.at + windowMs - now);
        // Providers tell whole seconds.
        return {
          result: 'refused',
          latencyMs: 20,
          ...(tellsWait && { retryAfterMs: Math.max(1_000, Math.ceil(waitMs / 1_000) * 1_000) }),
        };
      }
      recent.push({ at: now, tokens: size });
      return { result: 'ok', latencyMs: spread(meanMs, random), weight: size };
    },
    leave: () => undefined,
  };
}

/** Answers `capacity` requests a second; what comes more waits in line. Slower and failing during the brown-out. */
export function brownOut(
  capacity: number,
  [from, to]: [number, number],
  random: () => number,
  meanMs = 1_000,
): SimulatedProvider {
  let freeAt = 0;
  return {
    arrive(now) {
      const ill = now >= from && now < to;
      if (ill && random() < 0.5) return { result: 'overloaded', latencyMs: 200 };
      freeAt = Math.max(now, freeAt) + 1_000 / (ill ? capacity / 4 : capacity);
      return { result: 'ok', latencyMs: freeAt - now + spread(meanMs, random) };
    },
    leave: () => undefined,
  };
}
