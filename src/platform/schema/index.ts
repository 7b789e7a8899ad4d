export type { Field, Fields, ObjectOptions } from './composites.js';
export { either, list, map, nullable, object, optional, required } from './composites.js';
export type { Fault, Kind, Loc, Rule } from './fault.js';
export { described, Faults, ruled } from './fault.js';
export type { NumberLimits, Pattern, TextLimits } from './scalars.js';
export { anything, boolean, integer, number, oneOf, text, url } from './scalars.js';
export { NAME, PROJECT } from './names.js';
