import type { RuleArguments } from './rule-arguments.js';

/** Whether a text follows an instruction. */
export interface Rule {
  /** The arguments that it takes. */
  takes: readonly string[];
  follows(text: string, given: RuleArguments): boolean;
}

export type Rules = readonly (readonly [id: string, rule: Rule])[];

/** A rule without arguments. */
export const plain = (id: string, follows: (text: string) => boolean): [string, Rule] => [
  id,
  { takes: [], follows },
];

/** A rule with arguments. */
export const rule = (id: string, takes: string, follows: Rule['follows']): [string, Rule] => [
  id,
  { takes: takes.split(' '), follows },
];
