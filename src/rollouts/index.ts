export { collectRollouts } from './collect.js';
export { COLLECT_KEYS } from './parameters.js';
export { replayValues } from './replay-values.js';
export { renderDataset } from './render.js';
export { reverifyRollouts } from './reverify/reverify.js';
export { checkBalance } from './run/counters.js';
export { describeStatus } from './run/status.js';
export { runStatus } from './status.js';
export type { RenderOptions } from './render.js';
export type { ReverifyOptions } from './reverify/options.js';
export type {
  AgentSummary,
  Balance,
  CollectOptions,
  FlightStatus,
  Progress,
  Reporter,
  RunControl,
  RunEvent,
  RunFiles,
  RunStatus,
  RunSummary,
} from './types.js';
