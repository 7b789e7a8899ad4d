import type { Clock } from '../../../protocol/index.js';
import type { Executor, Order, Run, Tell } from './executor.js';
import { healthProbe, healthUrl, isHealthy, rest } from './health.js';

export interface ExternalOptions {
  readonly clock: Clock;
  /** True for a host that this platform must not ask. */
  readonly forbids: (hostname: string) => boolean;
  /** Unit: milliseconds. */
  readonly times?: Partial<ExternalTimes>;
}

export interface ExternalTimes {
  /** Between looks at a server that is not ready. */
  readonly comingMs: number;
  /** Between looks at one that is. */
  readonly readyMs: number;
  /** Looks in vain after which one that was ready is not. */
  readonly misses: number;
  /** How long one that was ready may be away until it counts as lost. */
  readonly lostMs: number;
}

const TIMES: ExternalTimes = { comingMs: 1_000, readyMs: 10_000, misses: 2, lostMs: 15 * 60_000 };

/** Servers that somebody else runs: nothing is started or ended, only looked after. */
export function externalExecutor(options: ExternalOptions): Executor {
  return {
    kind: 'external',
    refuses({ override: { hostUrl } }) {
      if (hostUrl === null) return 'override_config.external.host_url is missing';
      const url = URL.canParse(hostUrl) ? new URL(hostUrl) : null;
      if (url === null || !/^https?:$/.test(url.protocol))
        return `'${hostUrl}' is not an address of http or https`;
      return options.forbids(url.hostname) ? `this platform does not ask ${url.hostname}` : null;
    },
    start(order, tell) {
      const stop = new AbortController();
      const tellOn: Tell = (state) => {
        if (!stop.signal.aborted) tell(state);
      };
      const whole = watch(order, options, tellOn, stop.signal);
      const end = async (): Promise<void> => {
        stop.abort(new Error('stopped'));
        await whole;
      };
      return { logs: () => Promise.resolve([]), stop: end, leave: end } satisfies Run;
    },
    discard: () => Promise.resolve(),
    tidy: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

async function watch(order: Order, options: ExternalOptions, tell: Tell, signal: AbortSignal): Promise<void> {
  const { clock } = options;
  const times = { ...TIMES, ...options.times };
  const { spec } = order;
  const url = spec.override.hostUrl!;
  const at = healthUrl(url, spec);
  const probe = healthProbe(url, spec);
  const since = clock.now();
  tell({ phase: 'pending', message: `Waiting for ${at}` });
  while (!(await isHealthy(probe, signal))) {
    if (clock.now() - since >= spec.readyMs) {
      tell({ phase: 'error', message: `${at} did not become ready within ${spec.readyMs / 1000} s` });
      return;
    }
    if (!(await rest(clock, times.comingMs, signal))) return;
  }
  for (;;) {
    tell({ phase: 'ready', message: 'Deployment is ready', url });
    let misses = 0;
    while (misses < times.misses) {
      if (!(await rest(clock, times.readyMs, signal))) return;
      misses = (await isHealthy(probe, signal)) ? 0 : misses + 1;
    }
    const away = clock.now();
    tell({ phase: 'pending', message: `${at} does not answer any more` });
    let lost = false;
    while (!(await isHealthy(probe, signal))) {
      if (!lost && clock.now() - away >= times.lostMs) {
        lost = true;
        tell({
          phase: 'lost',
          message: `${at} has not answered for ${Math.round(times.lostMs / 60_000)} minutes`,
        });
      }
      if (!(await rest(clock, times.comingMs, signal))) return;
    }
  }
}
