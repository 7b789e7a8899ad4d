import type { ResolvedConfig } from '../config/index.js';
import type { ReverifyOptions } from './reverify/options.js';
import type { RunSummary } from './types.js';

export { collectRollouts } from './collect.js';
export { COLLECT_KEYS } from './parameters.js';
export { replayValues } from './replay-values.js';
export { renderDataset } from './render.js';
export { checkBalance } from './run/counters.js';
export { describeStatus } from './run/status.js';
export { runStatus } from './status.js';
export type { RenderOptions } from './render.js';
export type { ReverifyOptions } from './reverify/options.js';
export type {
  AgentSummary,
  Balance,
  CollectOptions,
  CommandLines,
  FlightStatus,
  Progress,
  Reporter,
  RunControl,
  RunEvent,
  RunFiles,
  RunStatus,
  RunSummary,
} from './types.js';

/** Verifies stored responses again; loaded when it is asked for. */
export async function reverifyRollouts(
  resolved: ResolvedConfig,
  options: ReverifyOptions,
): Promise<RunSummary> {
  return (await import('./reverify/reverify.js')).reverifyRollouts(resolved, options);
}
