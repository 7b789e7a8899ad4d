import type { Expr } from './tree.js';

/** Whether a part of an expression, or all of it, is so. */
export function somePart(value: Expr, test: (one: Expr) => boolean): boolean {
  if (test(value)) return true;
  if (value.kind === 'pow') return somePart(value.base, test) || somePart(value.exp, test);
  return 'args' in value && value.args.some((one) => somePart(one, test));
}

/** The names in an expression; those that need not be real have a mark. */
export function unknowns(value: Expr): Set<string> {
  const names = new Set<string>();
  somePart(value, (one) => {
    if (one.kind === 'symbol') names.add(one.real ? one.name : `${one.name}!`);
    return false;
  });
  return names;
}

const isUnknown = (value: Expr): boolean =>
  value.kind === 'symbol' ||
  (value.kind === 'series' && value.value === null) ||
  (value.kind === 'function' && value.undefined);

/** Whether there is a name in an expression, or a function that is only a name. */
export const hasUnknown = (value: Expr): boolean => somePart(value, isUnknown);
