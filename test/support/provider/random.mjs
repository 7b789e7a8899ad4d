import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) that depends on its parts only: the same request gets the same fate in every run,
 * whatever the order of arrival.
 *
 * @param {...(string | number)} parts
 * @returns {number}
 */
export function draw(...parts) {
  const digest = createHash('sha1').update(parts.join('\u0000')).digest();
  return digest.readUInt32BE(0) / 0x1_0000_0000;
}

/**
 * Milliseconds drawn from a latency setting: a constant, a uniform range or a log-normal `{p50, p99}`.
 *
 * @param {import('./provider.d.mts').Latency} latency
 * @param {number} u uniform in [0, 1)
 * @returns {number}
 */
export function latencyMs(latency, u) {
  if (typeof latency === 'number') return latency;
  if ('min' in latency) return latency.min + (latency.max - latency.min) * u;
  // Logistic approximation of the normal quantile: exact enough for a latency tail.
  const clipped = Math.min(0.9999, Math.max(0.0001, u));
  const quantile = Math.log(clipped / (1 - clipped)) / Math.log(99);
  return latency.p50 * (latency.p99 / latency.p50) ** quantile;
}
