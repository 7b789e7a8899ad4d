export { Children } from './children.js';
export type { ChildPlan, ChildPlace } from './plan.js';
export { planChildren } from './plan.js';
