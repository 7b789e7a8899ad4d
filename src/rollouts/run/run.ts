import type { Graph } from '../../graph/index.js';
import type { AggregatorOptions } from '../../metrics/index.js';
import { scanRow } from '../../metrics/index.js';
import type { Clock } from '../../protocol/index.js';
import type { Redactor } from '../../transport/index.js';
import { surveyTasks } from '../dataset/survey.js';
import { readTasks } from '../dataset/tasks.js';
import { errors } from '../../errors/index.js';
import { RunNumbers } from '../numbers.js';
import type { Prepared } from '../prepare.js';
import { Journal, repairJournal } from '../store/journal.js';
import { Ledger } from '../store/ledger.js';
import { readJournal } from '../store/read-journal.js';
import type { CollectOptions, Reporter, RunFiles, RunSummary } from '../types.js';
import { checkBalance, Counters } from './counters.js';
import { InFlight } from './in-flight.js';
import { nextStep, statusOf } from './outcome.js';
import { every, progressOf } from './progress.js';
import type { OwedTask } from './runner.js';
import { runAll } from './runner.js';

const PROGRESS_MS = 500;

export interface RunParts {
  graph: Graph;
  files: RunFiles;
  prepared: Prepared;
  redactor: Redactor;
  clock: Clock;
  reporter: Reporter;
  notice: (message: string, level?: 'info' | 'warn') => void;
  metricsOf: (agent: string) => AggregatorOptions;
  concurrency: number;
  /** Write the aggregate metrics at the end. */
  aggregate: boolean;
  /** Failed attempts after which a rollout is left alone. */
  maxAttempts: number;
  signals: NonNullable<CollectOptions['signals']>;
}

/** One run over prepared files: what is stored, what is owed, what happens, what came of it. */
export class Run {
  private readonly counters = new Counters();
  private readonly inFlight: InFlight;
  private readonly numbers: RunNumbers;
  private readonly stop = new AbortController();
  private ledger = new Ledger();
  private startedAt = 0;

  constructor(private readonly parts: RunParts) {
    this.inFlight = new InFlight(parts.clock);
    this.numbers = new RunNumbers(parts.metricsOf);
  }

  async play(): Promise<RunSummary> {
    const { files, prepared, reporter, clock } = this.parts;
    await this.takeStock();
    const { balance } = this.counters;
    this.startedAt = clock.now();
    const concurrency = Math.max(1, Math.min(this.parts.concurrency, balance.planned));
    reporter({
      type: 'start',
      planned: balance.planned,
      alreadyDone: balance.scored + balance.masked,
      concurrency,
      files,
      resumed: prepared.resumed,
    });
    const release = this.followSignals();
    const stopTicking = every(clock, PROGRESS_MS, () => this.report());
    try {
      await this.dispatch(concurrency);
    } finally {
      stopTicking();
      release();
    }
    return this.finish();
  }

  /** Reads what is stored, and counts every planned rollout into a column. */
  private async takeStock(): Promise<void> {
    const { files, prepared, notice } = this.parts;
    for (const [agent, planned] of Object.entries(prepared.agents)) this.numbers.plan(agent, planned);
    const dropped = await repairJournal(files);
    for (const [name, bytes] of Object.entries(dropped) as [keyof typeof dropped, number][]) {
      if (bytes > 0) notice(`${files[name]}: dropped ${bytes} bytes of a half-written last line`, 'warn');
    }
    if (!prepared.resumed) {
      this.counters.planAll(prepared.planned);
      return;
    }
    this.ledger = await readJournal(files, (line, row) => {
      this.numbers.result(line, row);
      const reward = row.numbers.find(({ name }) => name === 'reward');
      if (reward !== undefined) this.counters.reward(reward.value);
    });
    await this.matchPlan();
  }

  private async matchPlan(): Promise<void> {
    const { files, prepared } = this.parts;
    let matched = 0;
    const plan = await surveyTasks(files.materializedInputs, { dataSha256: '' }, (task) => {
      const stored = this.ledger.get(task.task, task.rollout);
      this.counters.plan(stored.state);
      if (stored.state !== 'none') matched += 1;
      if (stored.state === 'failed' || stored.state === 'final') {
        this.numbers.failure(task.agent, stored.kind ?? 'internal');
      }
    });
    if (plan.planned !== prepared.planned) {
      const reason = `it holds ${plan.planned} rollouts instead of ${prepared.planned}`;
      throw errors.damagedRun(files.materializedInputs, undefined, reason);
    }
    if (matched !== this.ledger.size) {
      const reason = `it holds ${this.ledger.size - matched} results of rollouts that were never planned`;
      throw errors.damagedRun(files.rollouts, undefined, reason);
    }
  }

  /** Planned rollouts that this run has to play, in the order of the plan. */
  private async *owed(): AsyncGenerator<OwedTask, void, void> {
    const { files, maxAttempts } = this.parts;
    for await (const task of readTasks(files.materializedInputs)) {
      const stored = this.ledger.get(task.task, task.rollout);
      const retry = stored.state === 'failed' && stored.attempts < maxAttempts;
      if (stored.state !== 'none' && !retry) continue;
      yield { ...task, stored };
    }
  }

  private async dispatch(concurrency: number): Promise<void> {
    const { files, graph, clock, redactor } = this.parts;
    const journal = await Journal.open(files, (line) => redactor.text(line));
    const source = this.owed();
    try {
      await runAll({
        concurrency,
        source,
        cast: (agent) => graph.cast(agent),
        journal,
        inFlight: this.inFlight,
        counters: this.counters,
        clock,
        drain: this.stop.signal,
        sinks: {
          retried: (agent, kind) => this.numbers.failure(agent, kind, -1),
          scored: (line) => this.numbers.result(line, scanRow(line)),
          failed: (agent, { kind }) => this.numbers.failure(agent, kind),
        },
      });
    } finally {
      await source.return();
      await journal.close();
    }
  }

  /** `drain` and `abort` both end dispatch; `abort` also cancels what is in flight. */
  private followSignals(): () => void {
    const { drain, abort } = this.parts.signals;
    const onDrain = (): void => {
      this.stop.abort();
      // Whoever asked for it can say how much is still in flight.
      this.report();
    };
    const onAbort = (): void => {
      this.stop.abort();
      this.inFlight.cancelAll('interrupted');
    };
    const pairs = [
      [drain, onDrain],
      [abort, onAbort],
    ] as const;
    for (const [signal, listener] of pairs) {
      if (signal?.aborted === true) listener();
      signal?.addEventListener('abort', listener, { once: true });
    }
    return () => {
      for (const [signal, listener] of pairs) signal?.removeEventListener('abort', listener);
    };
  }

  private report(): void {
    const progress = progressOf(this.counters, this.inFlight, this.startedAt, this.parts.clock.now());
    this.parts.reporter({ type: 'progress', progress });
  }

  private async finish(): Promise<RunSummary> {
    const { files, clock, aggregate, reporter, prepared, maxAttempts } = this.parts;
    const balance = { ...this.counters.balance };
    checkBalance(balance);
    this.report();
    if (aggregate) await this.numbers.writeAggregate(files.aggregateMetrics);
    const status = statusOf(balance, this.stop.signal.aborted);
    const summary: RunSummary = {
      status,
      balance,
      agents: this.numbers.summaries(),
      elapsedMs: clock.now() - this.startedAt,
      files,
      next: nextStep(status, balance, { files, resumed: prepared.resumed, maxAttempts }),
    };
    reporter({ type: 'end', summary });
    return summary;
  }
}
