export type { Interpolated, InterpolateOptions, MissingKey } from './interpolate.js';
export { interpolate } from './interpolate.js';
