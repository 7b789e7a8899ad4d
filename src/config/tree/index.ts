export { Float } from './float.js';
export type { ListNode, MapNode, Node, Scalar, ScalarNode } from './node.js';
export { emptyMap, fromPlain, mapToPlain, scalar, scalarText, toPlain, withEntry } from './node.js';
export type { Path } from './path.js';
export { child, children, eachScalar, formatPath, lookup, splitPath } from './path.js';
export { merge } from './merge.js';
