import type { Json } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { tokensOf } from './budget.js';

/** One reply of a model that the environment asked; `usage` null = it did not say. */
export interface Judged {
  readonly model: string;
  readonly usage: Json;
}

/** What the judges of one rollout used: `_ng_run.judges` of its row. null = unknown. */
export interface JudgeUse {
  calls: number;
  input_tokens: number | null;
  output_tokens: number | null;
  total_tokens: number | null;
  /** Unit: US dollars. */
  cost_usd: number | null;
}

/** A sum in which one unknown makes the whole unknown. */
export const plus = (sum: number | null, more: number | null): number | null =>
  sum === null || more === null ? null : sum + more;

/** What some replies come to; undefined where no judge was asked. */
export function judgeUse(
  asked: readonly Judged[],
  costOf: (model: string, usage: unknown) => number | null,
): JudgeUse | undefined {
  if (asked.length === 0) return undefined;
  const use: JudgeUse = {
    calls: asked.length,
    input_tokens: 0,
    output_tokens: 0,
    total_tokens: 0,
    cost_usd: 0,
  };
  for (const { model, usage } of asked) {
    const tokens = tokensOf(usage);
    use.input_tokens = plus(use.input_tokens, tokens?.input ?? null);
    use.output_tokens = plus(use.output_tokens, tokens?.output ?? null);
    use.total_tokens = plus(use.total_tokens, tokens?.total ?? null);
    use.cost_usd = plus(use.cost_usd, costOf(model, usage));
  }
  return use;
}

/** The same out of the JSON text of a stored `_ng_run`; undefined where it tells of none. */
export function storedJudges(run: string | undefined): JudgeUse | undefined {
  if (run?.includes('"judges"') !== true) return undefined;
  const { judges } = JSON.parse(run) as { judges?: unknown };
  if (!isObject(judges)) return undefined;
  const number = (key: string): number | null => (typeof judges[key] === 'number' ? judges[key] : null);
  return {
    calls: number('calls') ?? 0,
    input_tokens: number('input_tokens'),
    output_tokens: number('output_tokens'),
    total_tokens: number('total_tokens'),
    cost_usd: number('cost_usd'),
  };
}
