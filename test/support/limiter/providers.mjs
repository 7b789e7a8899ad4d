/**
 * Providers as pure functions of time, for simulations in virtual time and for servers over real sockets. Each says at
 * a request's arrival what becomes of it, and is told when a request that it took has left. Times in milliseconds.
 *
 * @typedef {import('./limiter.d.mts').ModelledProvider} ModelledProvider
 * @typedef {import('./limiter.d.mts').Fate} Fate
 * @typedef {() => number} Random
 */

/** A refusal comes back after this: a round trip to a gateway far away. */
const REFUSAL_MS = 60;

/** Answer times between half and one and a half times the mean. @param {number} mean @param {Random} random */
const around = (mean, random) => mean * (0.5 + random());

/** @param {Random} random @param {number} [toldMs] @param {number} [afterMs] @returns {Fate} */
function refusal(random, toldMs, afterMs = REFUSAL_MS) {
  return {
    result: 'refused',
    latencyMs: around(afterMs, random),
    ...(toldMs !== undefined && { retryAfterMs: toldMs }),
  };
}

/**
 * Refuses nothing, or a share of the requests whatever the load is.
 *
 * @param {Random} random
 * @param {{meanMs?: number, refused?: number, broken?: number, toldMs?: number}} [options]
 * @returns {ModelledProvider}
 */
export function randomFaults(random, { meanMs = 3_000, refused = 0, broken = 0, toldMs } = {}) {
  return {
    arrive() {
      const draw = random();
      if (draw < refused) return refusal(random, toldMs);
      if (draw < refused + broken) return { result: 'failed', latencyMs: around(REFUSAL_MS, random) };
      return { result: 'ok', latencyMs: around(meanMs, random) };
    },
    leave: () => undefined,
  };
}

/**
 * Takes `limitAt(now)` requests at a time and refuses the rest at once.
 *
 * @param {Random} random @param {(now: number) => number} limitAt
 * @param {{meanMs?: number, toldMs?: number, refusalMs?: number}} [options]
 * @returns {ModelledProvider}
 */
export function atATime(random, limitAt, { meanMs = 1_000, toldMs, refusalMs } = {}) {
  let open = 0;
  return {
    arrive(now) {
      if (open >= limitAt(now)) return refusal(random, toldMs, refusalMs);
      open += 1;
      return { result: 'ok', latencyMs: around(meanMs, random) };
    },
    leave() {
      open -= 1;
    },
  };
}

/**
 * Takes so many tokens in a sliding window of a minute; requests are of 200 to 1,800 tokens. Tells the wait in whole
 * seconds, as most do, or none.
 *
 * @param {Random} random @param {number} tokens @param {{meanMs?: number, tells?: boolean}} [options]
 * @returns {ModelledProvider}
 */
export function tokensPerMinute(random, tokens, { meanMs = 1_000, tells = true } = {}) {
  const windowMs = 60_000;
  /** @type {{at: number, size: number}[]} */
  let recent = [];
  let used = 0;
  return {
    arrive(now) {
      while (recent.length > 0 && recent[0].at <= now - windowMs) used -= recent.shift().size;
      const size = 200 + 1_600 * random();
      if (used + size > tokens) {
        const waitMs = recent[0].at + windowMs - now;
        return refusal(random, tells ? Math.max(1_000, Math.ceil(waitMs / 1_000) * 1_000) : undefined);
      }
      recent.push({ at: now, size });
      used += size;
      return { result: 'ok', latencyMs: around(meanMs, random), weight: size };
    },
    leave: () => undefined,
  };
}

/**
 * A bucket of a minute's tokens that is filled steadily; tells the exact wait, as OpenAI does.
 *
 * @param {Random} random @param {number} tokens @param {{meanMs?: number}} [options]
 * @returns {ModelledProvider}
 */
export function tokenBucket(random, tokens, { meanMs = 1_000 } = {}) {
  let left = tokens;
  let at = 0;
  return {
    arrive(now) {
      left = Math.min(tokens, left + ((now - at) / 60_000) * tokens);
      at = now;
      const size = 200 + 1_600 * random();
      if (size > left) return refusal(random, Math.ceil(((size - left) / tokens) * 60_000));
      left -= size;
      return { result: 'ok', latencyMs: around(meanMs, random), weight: size };
    },
    leave: () => undefined,
  };
}

/**
 * Takes everything, and becomes slower the more there is: `slower(open)` times the mean.
 *
 * @param {Random} random @param {(open: number) => number} slower @param {{meanMs?: number}} [options]
 * @returns {ModelledProvider}
 */
export function slowing(random, slower, { meanMs = 1_000 } = {}) {
  let open = 0;
  return {
    arrive() {
      open += 1;
      return { result: 'ok', latencyMs: around(meanMs * slower(open), random) };
    },
    leave() {
      open -= 1;
    },
  };
}

/**
 * Answers `capacity` requests a second, the rest waiting in line; during the brown-out a quarter of that, and half of
 * what comes is answered 503.
 *
 * @param {Random} random @param {number} capacity @param {[number, number]} span @param {{meanMs?: number}} [options]
 * @returns {ModelledProvider}
 */
export function brownOut(random, capacity, [from, to], { meanMs = 1_000 } = {}) {
  let freeAt = 0;
  return {
    arrive(now) {
      const ill = now >= from && now < to;
      if (ill && random() < 0.5) return { result: 'overloaded', latencyMs: 200 };
      freeAt = Math.max(now, freeAt) + 1_000 / (ill ? capacity / 4 : capacity);
      return { result: 'ok', latencyMs: freeAt - now + around(meanMs, random) };
    },
    leave: () => undefined,
  };
}

/** Pseudo-random numbers in [0, 1) from a seed (mulberry32). @param {number} seed @returns {Random} */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
