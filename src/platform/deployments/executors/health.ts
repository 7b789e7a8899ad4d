import type { Clock } from '../../../protocol/index.js';
import { httpProbe, type Probe } from '../../../processes/index.js';
import type { Spec } from '../spec.js';

const PROBE_MS = 5_000;

const HEALTH_PATHS: Readonly<Record<Spec['engine'], string>> = {
  nim: '/v1/health/ready',
  vllm: '/health',
  generic: '/health',
};

/** Where a server says whether it is ready. */
export function healthUrl(base: string, { healthPath, engine }: Spec): string {
  const path = healthPath ?? HEALTH_PATHS[engine];
  const root = base.replace(/\/+$/, '').replace(/\/v1$/, '');
  return `${root}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** Ready is what says so: a server that has no such path is another one. */
export function healthProbe(base: string, spec: Spec): Probe {
  return httpProbe(healthUrl(base, spec), (status) => status >= 200 && status < 300);
}

/** One look; false also when nothing answers in time. */
export async function isHealthy(probe: Probe, signal: AbortSignal): Promise<boolean> {
  try {
    return await probe(AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]));
  } catch {
    return false;
  }
}

/** Waits; false when `signal` ended the wait. */
export async function rest(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    return false;
  }
}
