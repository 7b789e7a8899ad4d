import { CallFailure, isObject } from '../../../protocol/index.js';
import { RegexBudgetError } from '../../../python/index.js';
import { UnsureLanguage } from './language.js';
import { UnsureSentences } from './punkt-sentences.js';
import { NeedsData, Random, RuleArguments, Unfit } from './rule-arguments.js';
import type { Rule } from './rule.js';

/** Whether a text follows an instruction; an unknown one, and arguments that do not fit, count as not followed. */
export function follows(
  rules: ReadonlyMap<string, Rule>,
  text: string,
  id: unknown,
  given: unknown,
): boolean {
  const rule = typeof id === 'string' ? rules.get(id) : undefined;
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
    const problem = `kwargs of "${id}": ${error.message} is missing, and would be drawn at random`;
    return new CallFailure('row_invalid', problem);
  }
  if (error instanceof UnsureSentences || error instanceof UnsureLanguage || error instanceof NeedsData) {
    const problem = `"${id}" needs to know ${error.message}, which only the Python libraries can tell.`;
    return new CallFailure('verify_unavailable', problem, { cause: error });
  }
  if (error instanceof RegexBudgetError)
    return new CallFailure('verify_timeout', `"${id}": ${error.message}`);
  return error;
}
