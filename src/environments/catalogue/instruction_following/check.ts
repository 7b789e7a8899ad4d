import { isObject } from '../../../protocol/index.js';
import { CallFailure } from '../../../protocol/index.js';
import { RegexBudgetError } from '../../../python/index.js';
import { UnsureLanguage } from '../../kit/english/language.js';
import { UnsureSentences } from '../../kit/english/punkt-sentences.js';
import { Random, RuleArguments, Unfit } from '../../kit/english/rule-arguments.js';
import type { Rule } from './rules/rule.js';
import { SHAPE_RULES } from './rules/shapes.js';
import { WORD_RULES } from './rules/words.js';

const RULES: ReadonlyMap<string, Rule> = new Map([...WORD_RULES, ...SHAPE_RULES]);

/** Whether the text follows each instruction. There are as many as both lists have; an unknown one is not followed. */
export function followed(text: string, ids: readonly unknown[], args: readonly unknown[]): boolean[] {
  return ids.slice(0, args.length).map((id, index) => follows(text, id, args[index] ?? {}));
}

function follows(text: string, id: unknown, given: unknown): boolean {
  const rule = typeof id === 'string' ? RULES.get(id) : undefined;
  if (rule === undefined || !isObject(given)) return false;
  try {
    return rule.follows(text, RuleArguments.of(given, rule.takes));
  } catch (error) {
    if (error instanceof Unfit) return false;
    throw failure(String(id), error);
  }
}

function failure(id: string, error: unknown): unknown {
  if (error instanceof Random) {
    return new CallFailure('row_invalid', `kwargs of "${id}": ${error.message} is missing, and would be drawn at random`);
  }
  if (error instanceof UnsureSentences || error instanceof UnsureLanguage) {
    const problem = `verify_unavailable: "${id}" needs to know ${error.message}, which only the Python libraries can tell.`;
    return new CallFailure('verify_failed', problem, { cause: error });
  }
  if (error instanceof RegexBudgetError) return new CallFailure('verify_timeout', `"${id}": ${error.message}`);
  return error;
}
