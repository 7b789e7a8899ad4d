import { follows } from '../../kit/english/follow.js';
import { SHAPE_RULES } from './rules/shapes.js';
import { WORD_RULES } from './rules/words.js';

const RULES = new Map([...WORD_RULES, ...SHAPE_RULES]);

/** Whether the text follows each instruction; there are as many as the shorter list has. */
export function followed(text: string, ids: readonly unknown[], args: readonly unknown[]): boolean[] {
  return ids.slice(0, args.length).map((id, index) => follows(RULES, text, id, args[index] ?? {}));
}
