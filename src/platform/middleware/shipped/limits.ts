import type { MiddlewareEnd, MiddlewareHooks, MiddlewareRequest } from '../../../protocol/index.js';
import { HttpError } from '../../../serve/http/index.js';
import { PERIODS } from '../ledger.js';
import { Config } from './config.js';
import type { Shipped } from './index.js';

const MINUTE_MS = 60_000;

/**
 * Most `requests_per_minute`, `tokens_per_minute` and requests at a time (`concurrent`): beyond, 429 with `retry-after`.
 * `budget_usd` and `budget_tokens` of a `period`: when they are spent, 402. Budgets are of what the `usage` middleware
 * has counted, by every platform on the same database; the others are of this process.
 */
export const limits: Shipped =
  ({ ledger, clock }) =>
  (given): MiddlewareHooks => {
    const config = new Config(given);
    const [requests, tokens] = ['requests_per_minute', 'tokens_per_minute'].map(
      (key) => new Rate(config.number(key)),
    ) as [Rate, Rate];
    const concurrent = config.number('concurrent') ?? Infinity;
    const [usd, total] = [config.number('budget_usd'), config.number('budget_tokens')];
    const period = config.word('period', PERIODS, 'total');
    config.done();
    let out = 0;
    const checkBudget = (virtualModel: string): void => {
      if (usd === null && total === null) return;
      const spent = ledger.spent(virtualModel, period);
      if (usd !== null && spent.costUsd >= usd) throw spentReply(virtualModel, `$${usd}`, period);
      if (total !== null && spent.inputTokens + spent.outputTokens >= total)
        throw spentReply(virtualModel, `${total} tokens`, period);
    };
    return {
      request({ virtualModel, onDone }: MiddlewareRequest) {
        checkBudget(virtualModel);
        if (out >= concurrent) throw tooMany(virtualModel, `${concurrent} requests at a time`, 1_000);
        const now = clock.now();
        for (const [rate, what] of [
          [requests, 'requests'],
          [tokens, 'tokens'],
        ] as const) {
          const waitMs = rate.wait(now);
          if (waitMs > 0) throw tooMany(virtualModel, `${rate.most ?? 0} ${what} a minute`, waitMs);
        }
        requests.add(1, now);
        out += 1;
        onDone(({ usage }: MiddlewareEnd) => {
          out -= 1;
          if (usage !== null) tokens.add(usage.inputTokens + usage.outputTokens, clock.now());
        });
      },
    };
  };

/** What was used within the last minute. */
class Rate {
  private readonly used: { at: number; amount: number }[] = [];
  private sum = 0;

  constructor(readonly most: number | null) {}

  add(amount: number, now: number): void {
    if (this.most === null) return;
    this.used.push({ at: now, amount });
    this.sum += amount;
  }

  /** Until something may be used again; 0 = now. Unit: ms. */
  wait(now: number): number {
    if (this.most === null) return 0;
    this.forget(now);
    if (this.sum < this.most) return 0;
    let left = this.sum;
    for (const { at, amount } of this.used) {
      left -= amount;
      if (left < this.most) return Math.max(1, at + MINUTE_MS - now);
    }
    return MINUTE_MS;
  }

  private forget(now: number): void {
    while (this.used.length > 0 && this.used[0]!.at + MINUTE_MS <= now) this.sum -= this.used.shift()!.amount;
  }
}

function tooMany(virtualModel: string, most: string, waitMs: number): HttpError {
  const detail = `The limit of ${virtualModel} is reached: ${most}`;
  return new HttpError(429, { detail }, { 'retry-after': String(Math.ceil(waitMs / 1000)) });
}

function spentReply(virtualModel: string, budget: string, period: string): HttpError {
  const within = period === 'total' ? '' : ` of this ${period}`;
  return new HttpError(402, { detail: `The budget${within} of ${virtualModel} is spent: ${budget}` });
}
