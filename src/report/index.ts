export type { SummaryOptions } from './table.js';
export { renderSummary } from './table.js';
