import type { Json, Model } from '../../protocol/index.js';
import { tokensOf, type Budget } from './budget.js';
import type { Prices } from './prices.js';

/**
 * What the processes of a run use of our models: an agent's turns, an environment's judges. They do not say for which
 * rollout, so it counts in the budget as it comes in, and in no row.
 */
export class UsedElsewhere {
  private calls = 0;
  private untold = 0;
  private tokens = 0;
  private budget: Budget | undefined;
  /** Agents whose turns are told here, with their model: what their rows say is the same again. */
  agents: ReadonlyMap<string, string> = new Map();
  models: readonly Model[] = [];

  constructor(private readonly prices: Prices) {}

  follow(budget: Budget): void {
    this.budget = budget;
  }

  readonly told = (model: string, usage: Json): void => {
    this.calls += 1;
    const total = tokensOf(usage)?.total ?? null;
    if (total === null) this.untold += 1;
    else this.tokens += total;
    this.budget?.add({ costUsd: this.prices.cost(model, usage), totalTokens: total });
  };

  /** For the user, once the run is over; undefined where nothing was asked. */
  describe(): string | undefined {
    if (this.calls === 0) return undefined;
    const untold = this.untold === 0 ? '' : `; ${this.untold} did not say what they used`;
    const calls = this.calls === 1 ? '1 model call' : `${this.calls} model calls`;
    return `programs beside this one made ${calls} by way of it: ${this.tokens} tokens${untold}`;
  }
}
