export { collectRollouts } from './collect.js';
export { COLLECT_KEYS } from './parameters.js';
export { renderDataset } from './render.js';
export { checkBalance } from './run/counters.js';
export type { RenderOptions } from './render.js';
export type {
  AgentSummary,
  Balance,
  CollectOptions,
  Progress,
  Reporter,
  RunEvent,
  RunFiles,
  RunSummary,
} from './types.js';
