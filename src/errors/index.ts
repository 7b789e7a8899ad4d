export { NgError } from './ng-error.js';
export type { Where } from './ng-error.js';
export { thrownAt, thrownText } from './thrown-at.js';
export { didYouMean, misspelling, nearest } from './suggest.js';
export * as errors from './catalogue.js';
export type { Misspelt } from './graph.js';
