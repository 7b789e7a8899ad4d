export type { Filter } from './filter.js';
export { readFilter } from './filter.js';
export { pageFields, pageOf, withoutNulls } from './page.js';
export { sorted, sortWords } from './sort.js';
