import type { Clusters } from '../../../src/metrics/index.js';

/** Random draws for simulations, each from a seeded source of uniform numbers. */
export type Random = () => number;

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function exponential(random: Random): number {
  return -Math.log(1 - random());
}

/** Marsaglia and Tsang (2000); scale 1. */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

export function beta(random: Random, a: number, b: number): number {
  const [x, y] = [gamma(random, a), gamma(random, b)];
  // Both can underflow for small shapes; then one of the ends is right.
  return x + y === 0 ? Number(random() < a / (a + b)) : x / (x + y);
}

/** Tasks of `repeats` rollouts each; `task` draws what a task is, `rollout` a reward of it. */
export function sample<Task>(
  tasks: number,
  repeats: number,
  task: () => Task,
  rollout: (task: Task) => number,
): Clusters {
  const values = new Float64Array(tasks * repeats);
  for (let i = 0; i < tasks; i++) {
    const drawn = task();
    for (let j = 0; j < repeats; j++) values[i * repeats + j] = rollout(drawn);
  }
  return { values, starts: Array.from({ length: tasks + 1 }, (_, i) => i * repeats) };
}
