export { NgError } from './ng-error.js';
export type { Where } from './ng-error.js';
export { didYouMean, nearest } from './suggest.js';
export * as errors from './catalogue.js';
