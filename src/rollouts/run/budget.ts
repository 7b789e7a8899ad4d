import type { JsonObject } from '../../protocol/index.js';
import { isObject, tokenCount } from '../../protocol/index.js';

/** What a run may spend, over all its resumptions. null = no limit. */
export interface BudgetLimits {
  costUsd: number | null;
  totalTokens: number | null;
}

/** What one rollout has used; null = the provider did not say, or the price is unknown. */
export interface Spent {
  costUsd: number | null;
  totalTokens: number | null;
}

/** Tokens of a reply or of the `usage` in it, as far as they are told. */
export function tokensOf(
  usage: unknown,
): { input: number; output: number; cached: number; total: number } | null {
  if (!isObject(usage)) return null;
  const [input, output] = [tokenCount(usage.input_tokens), tokenCount(usage.output_tokens)];
  if (input === null || output === null) return null;
  const details = usage.input_tokens_details;
  const cached = isObject(details) ? (tokenCount(details.cached_tokens) ?? 0) : 0;
  return { input, output, cached, total: tokenCount(usage.total_tokens) ?? input + output };
}

/** `response.usage` of a result or of what a failed episode left. */
export function usageIn(result: JsonObject | undefined): unknown {
  const response = result?.response;
  return isObject(response) ? response.usage : undefined;
}

class Meter {
  sum = 0;
  known = 0;

  constructor(readonly limit: number | null) {}

  add(amount: number | null): void {
    if (amount === null) return;
    this.sum += amount;
    this.known += 1;
  }

  /** More of it, which is no rollout's: it raises the mean. */
  also(amount: number | null): void {
    this.sum += amount ?? 0;
  }

  /** Room for this many more rollouts, judged by the mean so far; before the first, nothing is known. */
  room(): number {
    if (this.limit === null) return Infinity;
    if (this.sum >= this.limit) return 0;
    if (this.known === 0 || this.sum === 0) return Infinity;
    return Math.floor((this.limit - this.sum) / (this.sum / this.known));
  }
}

/** With a limit and no experience, so many rollouts go ahead to find out what one costs. */
const PILOT = 8;

/**
 * Decides whether another rollout may start. What is in flight is counted at the mean of what is known, so that a
 * run ends close below its limit, whatever its concurrency.
 */
export class Budget {
  private readonly cost: Meter;
  private readonly tokens: Meter;
  private waiting: (() => void)[] = [];
  private unknownRollouts = 0;

  constructor(limits: BudgetLimits) {
    this.cost = new Meter(limits.costUsd);
    this.tokens = new Meter(limits.totalTokens);
  }

  get limited(): boolean {
    return this.cost.limit !== null || this.tokens.limit !== null;
  }

  /** Rollouts whose use is unknown and therefore not counted. */
  get unknown(): number {
    return this.unknownRollouts;
  }

  /** Something was used that belongs to no rollout. */
  add({ costUsd, totalTokens }: Spent): void {
    this.cost.also(costUsd);
    this.tokens.also(totalTokens);
    this.wake();
  }

  spend({ costUsd, totalTokens }: Spent): void {
    this.cost.add(costUsd);
    this.tokens.add(totalTokens);
    if (
      (this.cost.limit !== null && costUsd === null) ||
      (this.tokens.limit !== null && totalTokens === null)
    ) {
      this.unknownRollouts += 1;
    }
    this.wake();
  }

  /** Lets everyone who waits look again: a rollout ended, or the run stops. */
  wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const go of waiting) go();
  }

  /** `go` = one more may start beside `inFlight`; `wait` = not before another has ended; `stop` = never. */
  decide(inFlight: number): 'go' | 'wait' | 'stop' {
    if (!this.limited) return 'go';
    const room = Math.min(this.cost.room(), this.tokens.room());
    if (room === 0) return inFlight === 0 ? 'stop' : 'wait';
    const known = Math.max(this.cost.known, this.tokens.known);
    if (known === 0) return inFlight < PILOT ? 'go' : 'wait';
    if (room > inFlight) return 'go';
    return inFlight === 0 ? 'stop' : 'wait';
  }

  /** Resolves at the next {@link wake}. */
  change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  describe(): string {
    const parts: string[] = [];
    if (this.cost.limit !== null) {
      parts.push(`$${this.cost.sum.toFixed(4)} of max_cost_usd=${this.cost.limit}`);
    }
    if (this.tokens.limit !== null) {
      parts.push(`${this.tokens.sum} of max_total_tokens=${this.tokens.limit}`);
    }
    return `the budget is spent (${parts.join(', ')})`;
  }
}
