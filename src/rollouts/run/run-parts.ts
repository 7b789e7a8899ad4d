import type { Graph } from '../../graph/index.js';
import type { AggregatorOptions } from '../../metrics/index.js';
import type { Clock, FailureKind, Measures } from '../../protocol/index.js';
import type { Redactor } from '../../transport/index.js';
import type { Prepared } from '../prepare.js';
import type { CollectOptions, Reporter, RunFiles } from '../types.js';
import type { BudgetLimits } from './budget.js';
import type { Outages } from './outages.js';
import type { Prices } from './prices.js';
import type { UsedElsewhere } from './used-elsewhere.js';
import type { Unanswered } from './unanswered.js';

export interface RunParts {
  graph: Graph;
  files: RunFiles;
  prepared: Prepared;
  redactor: Redactor;
  clock: Clock;
  reporter: Reporter;
  notice: (message: string, level?: 'info' | 'warn') => void;
  metricsOf: (agent: string) => AggregatorOptions;
  /** Whose server computes metrics of an agent's rows besides; absent: nobody's. */
  measuredBy?: (agent: string) => Measures | undefined;
  prices: Prices;
  /** What processes of the run use of our models. */
  used?: UsedElsewhere;
  limits: RunLimits;
  concurrency: number;
  /** Followed while the run plays. */
  outages: Outages;
  /** Ask each model one tiny thing first. */
  preflight: boolean;
  /** Write the aggregate metrics at the end. */
  aggregate: boolean;
  /** What endings without an answer count as. */
  unanswered: Unanswered;
  /** Recorded exchanges stand for the provider: nothing may depend on this run's own timing. */
  replaying: boolean;
  options: Pick<CollectOptions, 'signals' | 'onControl' | 'cwd'>;
}

export interface RunLimits extends BudgetLimits {
  /** Failed attempts after which a rollout is left alone. */
  attempts: number;
  /** Failures of these kinds are tried again whatever their number. */
  retry: ReadonlySet<FailureKind>;
  wallSeconds: number | null;
  stallSeconds: number | null;
  /** Longest time for which something may be out before the run ends. */
  outageSeconds: number;
}
