import { isObject } from '../../protocol/index.js';
import type { JsonObject } from '../../protocol/index.js';
import type { Capability } from '../capabilities/index.js';
import { member } from '../fields.js';

/** Thinking budgets for efforts, in tokens; the API's least is 1024. */
const BUDGETS: Readonly<Record<string, number>> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 32_768,
};

/** The effort that a Messages request asks for, or undefined when it leaves it open. */
export function effortOf(thinking: unknown, outputConfig: unknown): string | undefined {
  const effort = member(outputConfig, 'effort');
  if (typeof effort === 'string') return effort === 'max' ? 'xhigh' : effort;
  if (!isObject(thinking) || thinking['type'] !== 'enabled') return undefined;
  const budget = thinking['budget_tokens'];
  if (typeof budget !== 'number') return undefined;
  if (budget <= 2048) return 'low';
  return budget <= 8192 ? 'medium' : 'high';
}

/** How a Messages upstream is told the effort; a budget has to leave room for the answer. */
export function writeThinking(
  effort: unknown,
  maxTokens: number,
  capability: Capability,
): { fields: JsonObject; maxTokens: number } {
  if (typeof effort !== 'string' || capability.thinking === 'none') return { fields: {}, maxTokens };
  if (effort === 'none') return { fields: { thinking: { type: 'disabled' } }, maxTokens };
  if (capability.thinking === 'effort') {
    return { fields: { output_config: { effort: effort === 'minimal' ? 'low' : effort } }, maxTokens };
  }
  const budget = BUDGETS[effort] ?? BUDGETS['medium']!;
  return {
    fields: { thinking: { type: 'enabled', budget_tokens: budget } },
    maxTokens: maxTokens > budget ? maxTokens : budget + maxTokens,
  };
}
