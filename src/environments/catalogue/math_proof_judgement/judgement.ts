import type { Judgement } from '../../kit/judgement.js';

/** Where a judgement and the right one stand in the table of four; all 0 where one of them is none. */
export function confusion(said: Judgement | null, right: Judgement | null) {
  const both = said !== null && right !== null;
  const at = (one: Judgement, other: Judgement): number => Number(both && said === one && right === other);
  return { tp: at('Yes', 'Yes'), fp: at('Yes', 'No'), fn: at('No', 'Yes'), tn: at('No', 'No') };
}
