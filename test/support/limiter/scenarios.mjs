import { atATime, brownOut, randomFaults, slowing, tokenBucket, tokensPerMinute } from './providers.mjs';

const S = 1_000;
const MIN = 60 * S;

/** The step scenario: 200 at a time, then 50, then 200 again. @param {number} every */
const steps = (every) => (/** @type {number} */ now) => (Math.floor(now / every) % 2 === 0 ? 200 : 50);

/**
 * What limits are measured against. `real`: what is refused depends on the load, so few refusals are due. `fixed`: the
 * settings that the best fixed one is looked for among.
 *
 * @type {import('./limiter.d.mts').Scenario[]}
 */
export const SCENARIOS = [
  { name: 'refuses nothing, 3 s', make: (r) => randomFaults(r), durationMs: 3 * MIN },
  { name: 'refuses nothing, 30 s', make: (r) => randomFaults(r, { meanMs: 30 * S }), durationMs: 20 * MIN },
  ...[50, 200, 2_000].map((limit) => ({
    name: `${limit} at a time`,
    make: (/** @type {() => number} */ r) => atATime(r, () => limit),
    durationMs: limit > 1_000 ? 2 * MIN : 10 * MIN,
    wanted: limit > 1_000 ? 4_000 : 1_000,
    real: true,
    fixed: [limit],
  })),
  {
    name: '50 at a time, "wait 1 s"',
    make: (r) => atATime(r, () => 50, { toldMs: 1_000 }),
    durationMs: 10 * MIN,
    real: true,
    fixed: [50],
  },
  {
    name: '50 at a time, "wait 0.5 s"',
    make: (r) => atATime(r, () => 50, { toldMs: 500 }),
    durationMs: 10 * MIN,
    real: true,
    fixed: [50],
  },
  {
    name: '50 at a time, "wait 5 s"',
    make: (r) => atATime(r, () => 50, { toldMs: 5_000 }),
    durationMs: 10 * MIN,
    real: true,
    fixed: [50],
  },
  {
    name: '50 at a time, 30 s',
    make: (r) => atATime(r, () => 50, { meanMs: 30 * S }),
    durationMs: 60 * MIN,
    real: true,
    fixed: [50],
  },
  {
    name: '3 at a time',
    make: (r) => atATime(r, () => 3),
    durationMs: 20 * MIN,
    real: true,
    fixed: [3],
  },
  {
    name: '300,000 tokens a minute',
    make: (r) => tokensPerMinute(r, 300_000),
    durationMs: 20 * MIN,
    real: true,
    fixed: [4, 6, 8, 10],
  },
  {
    name: '60,000 tokens a minute',
    make: (r) => tokensPerMinute(r, 60_000),
    durationMs: 30 * MIN,
    real: true,
    fixed: [1, 2, 3],
  },
  {
    name: '3,000,000 tokens a minute',
    make: (r) => tokensPerMinute(r, 3_000_000),
    durationMs: 10 * MIN,
    real: true,
    fixed: [30, 40, 50, 60, 80],
  },
  {
    name: '300,000 tokens a minute, no wait told',
    make: (r) => tokensPerMinute(r, 300_000, { tells: false }),
    durationMs: 20 * MIN,
    real: true,
    fixed: [4, 6, 8, 10],
  },
  {
    name: '3,000,000 tokens a minute, filled steadily',
    make: (r) => tokenBucket(r, 3_000_000),
    durationMs: 10 * MIN,
    real: true,
    fixed: [30, 40, 50, 60, 80],
  },
  ...[1, 3, 10].flatMap((percent) => [
    {
      name: `${percent} % 429 at random`,
      make: (/** @type {() => number} */ r) => randomFaults(r, { refused: percent / 100 }),
      durationMs: 5 * MIN,
    },
    {
      name: `${percent} % 429 at random, "wait 1 s"`,
      make: (/** @type {() => number} */ r) => randomFaults(r, { refused: percent / 100, toldMs: 1_000 }),
      durationMs: 5 * MIN,
    },
  ]),
  {
    name: '3 % 429 at random, "wait 20 s"',
    make: (r) => randomFaults(r, { refused: 0.03, toldMs: 20_000 }),
    durationMs: 5 * MIN,
  },
  { name: '10 % 429 at random, 30 wanted', make: (r) => randomFaults(r, { refused: 0.1 }), durationMs: 15 * MIN, wanted: 30 },
  { name: '10 % 500 at random', make: (r) => randomFaults(r, { broken: 0.1 }), durationMs: 5 * MIN },
  {
    name: '5 % 429 and 5 % 500',
    make: (r) => randomFaults(r, { refused: 0.05, broken: 0.05 }),
    durationMs: 5 * MIN,
  },
  {
    name: 'latency grows with load, 200 are enough',
    make: (r) => slowing(r, (open) => Math.max(1, open / 200)),
    durationMs: 10 * MIN,
    fixed: [100, 200, 300, 400],
  },
  {
    name: 'latency grows with load, above 200 less comes through',
    make: (r) => slowing(r, (open) => 1 + (open / 200) ** 2),
    durationMs: 10 * MIN,
    fixed: [100, 150, 200, 250, 300],
  },
  {
    name: '200 at a time, then 50, then 200',
    make: (r) => atATime(r, steps(3 * MIN)),
    durationMs: 9 * MIN,
    real: true,
    fixed: [50, 100, 200],
  },
  {
    name: 'two runs, 200 at a time together',
    make: (r) => atATime(r, () => 200),
    durationMs: 10 * MIN,
    clients: 2,
    real: true,
    fixed: [100],
  },
  {
    name: 'two runs, 300,000 tokens a minute together',
    make: (r) => tokensPerMinute(r, 300_000),
    durationMs: 20 * MIN,
    clients: 2,
    real: true,
    fixed: [2, 3, 4, 5],
  },
  {
    name: 'a brown-out for a minute',
    make: (r) => brownOut(r, 40, [3 * MIN, 4 * MIN]),
    durationMs: 10 * MIN,
    fixed: [20, 30, 40, 60, 80],
    wanted: 400,
  },
];
