import { atATime, brownOut, randomFaults, slowing, tokenBucket, tokensPerMinute } from './providers.mjs';

const S = 1_000;
const MIN = 60 * S;

/** Hard limits over sockets: with answers slow enough for the machine to keep up. */
const SOCKETS = {
  50: { scale: 4, durationMs: 2 * MIN },
  200: { scale: 1, durationMs: 40 * S },
  2_000: {
    scale: 1,
    durationMs: 80 * S,
    wanted: 3_000,
    make: (/** @type {() => number} */ r) => atATime(r, () => 2_000, { meanMs: 10 * S }),
  },
};

/** Faults at random over sockets. */
const RANDOM_SOCKET = { scale: 3, durationMs: 90 * S, wanted: 300 };

/** The step scenario: 200 at a time, then 50, then 200 again. @param {number} every */
const steps = (every) => (/** @type {number} */ now) => (Math.floor(now / every) % 2 === 0 ? 200 : 50);

/**
 * What limits are measured against. `real`: what is refused depends on the load, so few refusals are due. `fixed`: the
 * settings that the best fixed one is looked for among.
 *
 * @type {import('./limiter.d.mts').Scenario[]}
 */
export const SCENARIOS = [
  {
    name: 'refuses nothing, 3 s',
    make: (r) => randomFaults(r),
    durationMs: 3 * MIN,
    socket: { scale: 1, durationMs: 40 * S },
  },
  {
    name: 'refuses nothing, 30 s',
    make: (r) => randomFaults(r, { meanMs: 30 * S }),
    durationMs: 20 * MIN,
    socket: { scale: 10, durationMs: 6 * MIN },
  },
  ...[50, 200, 2_000].map((limit) => ({
    name: `${limit} at a time`,
    make: (/** @type {() => number} */ r) => atATime(r, () => limit),
    durationMs: limit > 1_000 ? 1 * MIN : 5 * MIN,
    wanted: limit > 1_000 ? 4_000 : 1_000,
    real: true,
    fixed: [limit],
    storm: limit < 1_000,
    socket: SOCKETS[limit],
  })),
  {
    name: '50 at a time, "wait 1 s"',
    make: (r) => atATime(r, () => 50, { toldMs: 1_000 }),
    durationMs: 10 * MIN,
    real: true,
    fixed: [50],
    storm: true,
  },
  {
    name: '50 at a time, "wait 0.5 s"',
    make: (r) => atATime(r, () => 50, { toldMs: 500 }),
    durationMs: 10 * MIN,
    real: true,
    fixed: [50],
    storm: true,
  },
  {
    name: '50 at a time, "wait 5 s"',
    make: (r) => atATime(r, () => 50, { toldMs: 5_000 }),
    durationMs: 10 * MIN,
    real: true,
    fixed: [50],
    storm: true,
  },
  {
    name: '50 at a time, 30 s',
    make: (r) => atATime(r, () => 50, { meanMs: 30 * S }),
    durationMs: 60 * MIN,
    real: true,
    fixed: [50],
    storm: true,
  },
  {
    name: '200 at a time, refused after 200 ms',
    make: (r) => atATime(r, () => 200, { refusalMs: 200 }),
    durationMs: 5 * MIN,
    real: true,
    fixed: [200],
    storm: true,
  },
  {
    name: '8 at a time, 10 ms',
    make: (r) => atATime(r, () => 8, { meanMs: 10, refusalMs: 5 }),
    durationMs: 30 * S,
    wanted: 100,
    real: true,
    fixed: [8],
    storm: true,
  },
  {
    name: '8 at a time, 50 ms, refused as late as answered',
    make: (r) => atATime(r, () => 8, { meanMs: 50, refusalMs: 50 }),
    durationMs: 2 * MIN,
    wanted: 100,
    real: true,
    fixed: [8],
    storm: true,
  },
  ...[3, 10].map((limit) => ({
    name: `${limit} at a time`,
    make: (/** @type {() => number} */ r) => atATime(r, () => limit),
    durationMs: 20 * MIN,
    real: true,
    fixed: [limit],
    storm: true,
  })),
  {
    name: '300,000 tokens a minute',
    socket: { scale: 8, durationMs: 10 * MIN },
    make: (r) => tokensPerMinute(r, 300_000),
    durationMs: 20 * MIN,
    real: true,
    fixed: [5, 6],
  },
  {
    name: '60,000 tokens a minute',
    make: (r) => tokensPerMinute(r, 60_000),
    durationMs: 60 * MIN,
    real: true,
    fixed: [1, 2, 3],
  },
  {
    name: '3,000,000 tokens a minute',
    make: (r) => tokensPerMinute(r, 3_000_000),
    durationMs: 10 * MIN,
    real: true,
    fixed: [50],
  },
  {
    name: '300,000 tokens a minute, no wait told',
    make: (r) => tokensPerMinute(r, 300_000, { tells: false }),
    durationMs: 20 * MIN,
    real: true,
    fixed: [5, 6],
    storm: true,
  },
  {
    name: '3,000,000 tokens a minute, filled steadily',
    make: (r) => tokenBucket(r, 3_000_000),
    durationMs: 10 * MIN,
    real: true,
    fixed: [50, 60],
  },
  ...[1, 3, 10].flatMap((percent) => [
    {
      name: `${percent} % 429 at random`,
      make: (/** @type {() => number} */ r) => randomFaults(r, { refused: percent / 100 }),
      durationMs: 5 * MIN,
      socket: RANDOM_SOCKET,
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
  {
    name: '10 % 429 at random, 30 wanted',
    make: (r) => randomFaults(r, { refused: 0.1 }),
    durationMs: 15 * MIN,
    wanted: 30,
  },
  {
    name: '10 % 500 at random',
    make: (r) => randomFaults(r, { broken: 0.1 }),
    durationMs: 5 * MIN,
    socket: RANDOM_SOCKET,
  },
  {
    name: '5 % 429 and 5 % 500',
    make: (r) => randomFaults(r, { refused: 0.05, broken: 0.05 }),
    durationMs: 5 * MIN,
    socket: RANDOM_SOCKET,
  },
  {
    name: 'latency grows with load, 200 are enough',
    make: (r) => slowing(r, (open) => Math.max(1, open / 200)),
    durationMs: 10 * MIN,
    socket: { scale: 1, durationMs: 40 * S },
    fixed: [200],
  },
  {
    name: 'latency grows with load, above 200 less comes through',
    make: (r) => slowing(r, (open) => 1 + (open / 200) ** 2),
    durationMs: 10 * MIN,
    fixed: [150, 200, 250],
  },
  {
    name: '200 at a time, then 50, then 200',
    make: (r) => atATime(r, steps(3 * MIN)),
    durationMs: 9 * MIN,
    socket: { scale: 1, durationMs: 75 * S, make: (r) => atATime(r, steps(25 * S)) },
    real: true,
    fixed: [50, 100, 200],
    storm: true,
  },
  {
    name: 'two runs, 200 at a time together',
    socket: { scale: 1, durationMs: 40 * S },
    make: (r) => atATime(r, () => 200),
    durationMs: 10 * MIN,
    clients: 2,
    real: true,
    fixed: [100],
    storm: true,
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
    name: 'two runs, 60 at a time together',
    make: (r) => atATime(r, () => 60),
    durationMs: 15 * MIN,
    clients: 2,
    wanted: 400,
    real: true,
    fixed: [30],
    storm: true,
  },
  {
    name: '50 at a time, then 20, then 80',
    make: (r) => atATime(r, (now) => [50, 20, 80][Math.floor(now / (3 * MIN)) % 3]),
    durationMs: 18 * MIN,
    wanted: 400,
    real: true,
    fixed: [20, 50, 80],
  },
  {
    name: 'a brown-out for a minute',
    make: (r) => brownOut(r, 40, [3 * MIN, 4 * MIN]),
    durationMs: 10 * MIN,
    fixed: [20, 30, 40, 60, 80],
    wanted: 400,
  },
];
