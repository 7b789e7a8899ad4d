import type { Expr, MathValue, Relation } from './tree.js';

export type Relations = Relation | (MathValue & { kind: 'and' });

export const isRelation = (value: MathValue): value is Relations =>
  value.kind === 'relation' || value.kind === 'and';

const parts = (value: Relations): readonly Relation[] => (value.kind === 'and' ? value.args : [value]);

export const lastOf = (value: Relations): Relation => parts(value).at(-1)!;

export function isEquation(value: MathValue): value is Relations {
  return isRelation(value) && parts(value).every(({ op }) => op === '==');
}

/** `x = …`, with a name on the left. */
export function isAssignment(value: MathValue): value is Relations {
  return isEquation(value) && isOnlySymbols(parts(value)[0]!.left);
}

/** True for a name, and for what is made of names only. */
export function isOnlySymbols(value: MathValue): boolean {
  switch (value.kind) {
    case 'symbol':
      return true;
    case 'pow':
      // What is divided by may be a number.
      if (value.exp.kind === 'number' && value.exp.p === -1n && value.exp.q === 1n) {
        return value.base.kind === 'symbol' || partsOf(value.base).every(isOnlySymbols);
      }
      return isOnlySymbols(value.base) && isOnlySymbols(value.exp);
    case 'add':
    case 'mul':
    case 'function':
    case 'tuple':
    case 'set':
      return value.args.length > 0 && value.args.every((one) => isOnlySymbols(one));
    default:
      return false;
  }
}

function partsOf(value: Expr): readonly Expr[] {
  if (value.kind === 'pow') return [value.base, value.exp];
  return 'args' in value ? value.args : [];
}

/** Tells whether an answer is another one, the right one first. */
export type Equal = (gold: MathValue, pred: MathValue) => boolean;
