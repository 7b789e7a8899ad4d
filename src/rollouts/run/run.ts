import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Outcome } from '../../protocol/index.js';
import { tokenCount } from '../../protocol/index.js';
import { growingTasks } from '../dataset/growing-tasks.js';
import type { StoredTask } from '../dataset/tasks.js';
import { readTasks } from '../dataset/tasks.js';
import { RunNumbers } from '../numbers.js';
import { datasetWatch } from '../secrets.js';
import { JournalError } from '../store/append-file.js';
import { Journal } from '../store/journal.js';
import { Ledger } from '../store/ledger.js';
import { statusFile, writeStatus } from '../store/status-file.js';
import type { RunStatus, RunSummary } from '../types.js';
import { Budget, usageIn } from './budget.js';
import { checkModels } from './check-models.js';
import { checkBalance, Counters } from './counters.js';
import { firstFailedRollouts } from './first-failures.js';
import { isFinal } from './final-kinds.js';
import { followLimits } from './follow-limits.js';
import { InFlight } from './in-flight.js';
import type { JudgeUse } from './judges.js';
import { judgeUse, plus } from './judges.js';
import { nextStep, statusOf } from './outcome.js';
import { every, progressOf } from './progress.js';
import { RateWindow } from './rate.js';
import type { RunParts } from './run-parts.js';
import type { OwedTask } from './runner.js';
import { runAll } from './runner.js';
import { runningStatus } from './status.js';
import { isDue, takeStock } from './stock.js';
import { Stopper } from './stopper.js';
import { failSilent } from './watchdog.js';

const PROGRESS_MS = 500;
/** Ticks between two writes of the status file. */
const STATUS_TICKS = 4;
/** How often the output is looked for where it was. Unit: milliseconds. */
const WATCH_MS = 2000;

const shorter = (a: string, b: string): string => (a.length < b.length ? a : b);

/** One run over prepared files: what is stored, what is owed, what happens, what came of it. */
export class Run {
  private readonly counters = new Counters();
  private readonly inFlight: InFlight;
  private readonly numbers: RunNumbers;
  private readonly stopper = new Stopper();
  private readonly budget: Budget;
  private ledger = new Ledger();
  private startedAt = 0;
  private rate = new RateWindow(0);
  private statusWrite = Promise.resolve();
  /** Failed rollouts that the same command would not play again. */
  private leftAlone = 0;
  /** Nothing is owed from the start. */
  private isWhole = false;

  private readonly tellFirst: ReturnType<typeof firstFailedRollouts>;

  constructor(private readonly parts: RunParts) {
    this.tellFirst = firstFailedRollouts(parts.notice);
    this.inFlight = new InFlight(parts.clock);
    const { measuredBy: serverOf, options, notice, clock } = parts;
    const signal = options.signals?.abort ?? new AbortController().signal;
    this.numbers = new RunNumbers(parts.metricsOf, serverOf && { serverOf, clock, signal, notice });
    this.budget = new Budget(parts.limits);
    parts.used?.follow(this.budget);
  }

  async play(): Promise<RunSummary> {
    const { files, prepared, clock, options, limits } = this.parts;
    this.ledger = await takeStock({
      ...this.parts,
      counters: this.counters,
      numbers: this.numbers,
      onRow: datasetWatch(this.parts.redactor, this.parts.notice),
      isDue: (stored) => isDue(stored, this.parts.limits),
      onUsage: (agent, usage, judges) => this.spend(agent, usage, judges),
    });
    const { balance } = this.counters;
    this.leftAlone = balance.failed;
    this.isWhole = balance.owed === 0;
    if (this.parts.preflight && balance.owed > 0) {
      await checkModels(this.parts.graph.models, clock, (message) => this.parts.notice(message, 'warn'));
    }
    this.startedAt = clock.now();
    this.rate = new RateWindow(this.startedAt);
    const most = prepared.planning === undefined ? balance.planned : Infinity;
    const concurrency = Math.max(1, Math.min(this.parts.concurrency, most));
    this.parts.reporter({
      type: 'start',
      planned: balance.planned,
      alreadyDone: balance.scored + balance.masked,
      owed: balance.owed,
      concurrency,
      files,
      resumed: prepared.resumed,
    });
    options.onControl?.({ status: () => this.status(), finishing: () => this.inFlight.alive });
    const release = followLimits({
      signals: options.signals ?? {},
      wallSeconds: limits.wallSeconds,
      clock,
      stopper: this.stopper,
      drain: (reason) => this.inFlight.drain(reason),
      cancelAll: (reason) => this.inFlight.cancelAll(reason),
    });
    this.followOutages();
    const stopTicking = every(clock, PROGRESS_MS, this.ticker());
    try {
      await this.dispatch(concurrency);
    } finally {
      stopTicking();
      release();
      this.parts.outages.unfollow();
      await this.statusWrite;
    }
    return this.finish();
  }

  /** A rollout is over. What an agent beside this program used was counted when it was used. */
  private spent(agent: string, usage: unknown, judges: JudgeUse | undefined): void {
    if (this.parts.used?.agents.has(agent) !== true) this.spend(agent, usage, judges);
    else {
      this.budget.spend({ costUsd: 0, totalTokens: 0 });
      this.numbers.cost(agent, this.costOf(agent, usage));
    }
  }

  /** By the price of the agent's model, also where it plays beside this program with a model of ours. */
  private costOf(agent: string, usage: unknown): number | null {
    const { used, graph, prices } = this.parts;
    return prices.cost(used?.agents.get(agent) ?? graph.cast(agent).model.modelId, usage);
  }

  private spend(agent: string, usage: unknown, judges: JudgeUse | undefined): void {
    const costUsd = this.costOf(agent, usage);
    const totalTokens = tokenCount((usage as { total_tokens?: unknown } | null | undefined)?.total_tokens);
    // One unknown makes the whole unknown: the budget says so.
    this.budget.spend({
      costUsd: judges === undefined ? costUsd : plus(costUsd, judges.cost_usd),
      totalTokens: judges === undefined ? totalTokens : plus(totalTokens, judges.total_tokens),
    });
    this.numbers.cost(agent, costUsd);
  }

  /** Planned rollouts that this run has to play, in the order of the plan. */
  private async *owed(tasks: AsyncIterable<StoredTask>): AsyncGenerator<OwedTask, void, void> {
    for await (const task of tasks) {
      const stored = this.ledger.get(task.task, task.rollout);
      if (isDue(stored, this.parts.limits)) yield { ...task, stored };
    }
  }

  /** More of the dataset was planned. */
  private planned(agents: Readonly<Record<string, number>>): void {
    for (const [agent, rollouts] of Object.entries(agents)) {
      this.counters.planAll(rollouts);
      this.numbers.plan(agent, rollouts);
    }
  }

  /** While something is out, the run waits for it: nothing begins, and what is in flight keeps its place. */
  private followOutages(): void {
    const { outages, graph, limits, reporter } = this.parts;
    const { outageSeconds: maxSeconds } = limits;
    outages.follow(graph.reaches, maxSeconds, {
      waiting: (waiting) => reporter({ type: 'waiting', waiting, maxSeconds }),
      resumed: (name, waitedMs) => {
        this.rate.resumed(waitedMs);
        reporter({ type: 'resumed', name, waitedMs });
      },
      tooLong: ({ name, url, reason }) => {
        const text = `${name} could not be reached for ${maxSeconds} s (max_outage_seconds): ${url}: ${reason}`;
        this.stopper.request('outage', text);
        this.inFlight.cancelAll(`${name} could not be reached`);
      },
    });
  }

  private async dispatch(concurrency: number): Promise<void> {
    const { prepared, files, graph, clock, redactor, replaying, prices } = this.parts;
    const journal = await Journal.open(files, (line) => redactor.content(line));
    const stopWatching = every(clock, WATCH_MS, () => void this.watch(journal));
    const { planning } = prepared;
    const growing = planning === undefined ? null : await open(planning.file);
    const source = this.owed(
      growing === null ? readTasks(files.materializedInputs) : growingTasks(growing, planning!),
    );
    planning?.start((agents) => this.planned(agents));
    try {
      await runAll({
        concurrency,
        source,
        cast: (agent) => graph.cast(agent),
        costOf: (agent, result) => this.costOf(agent, usageIn(result)),
        judgesOf: (asked) => judgeUse(asked, (model, usage) => prices.cost(model, usage)),
        journal,
        inFlight: this.inFlight,
        counters: this.counters,
        rate: this.rate,
        clock,
        replaying,
        unanswered: this.parts.unanswered,
        budget: this.budget,
        outages: this.parts.outages,
        stopper: this.stopper,
        sinks: {
          done: (line, facts) => this.numbers.result(line, facts),
          failed: (owed, outcome) => this.failed(owed, outcome),
          spent: (agent, usage, judges) => this.spent(agent, usage, judges),
        },
      });
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      this.stopper.request('disk', error.message);
      this.parts.notice(`${error.message}; what was stored is kept`, 'warn');
    } finally {
      stopWatching();
      await source.return();
      await planning?.stop();
      await growing?.close();
      await journal.close().catch((error: unknown) => {
        if (!(error instanceof JournalError)) throw error;
      });
    }
  }

  /** Results that go into a file which is no longer there would be lost without a word. */
  private async watch(journal: Journal): Promise<void> {
    if (await journal.inPlace().catch(() => true)) return;
    const message = `${this.parts.files.rollouts} or the file of its failures was deleted or replaced while the run wrote to it`;
    if (this.stopper.stop === null) this.parts.notice(`${message}; it stops`, 'warn');
    this.stopper.request('output', message);
    this.inFlight.cancelAll('the output is gone');
  }

  private failed(owed: OwedTask, outcome: Extract<Outcome, { status: 'failed' }>): void {
    const { kind, message, retryable } = outcome;
    this.numbers.failure(owed.agent, kind);
    const state = isFinal(kind, retryable) ? 'final' : 'failed';
    if (!isDue({ state, attempts: owed.stored.attempts + 1, kind }, this.parts.limits)) this.leftAlone += 1;
    this.tellFirst(owed, outcome);
    // A replay that has left its recording would only fail on: the first miss is the one to look at.
    if (kind === 'replay_miss') this.stopper.request('replay', message);
  }

  private ticker(): () => void {
    const { files, redactor, clock, limits } = this.parts;
    let ticks = 0;
    return () => {
      this.parts.outages.look();
      this.report();
      failSilent(this.inFlight, clock, limits.stallSeconds);
      if (ticks % STATUS_TICKS === 0) {
        this.statusWrite = writeStatus(
          statusFile(files.rollouts),
          redactor.json(JSON.stringify(this.status())),
        );
      }
      ticks += 1;
    };
  }

  private progress() {
    const { counters, inFlight, rate, startedAt } = this;
    const { outages, clock, prepared } = this.parts;
    const planning = prepared.planning?.done === false;
    return progressOf({ counters, inFlight, outages, rate, startedAt, planning }, clock.now());
  }

  private report(): void {
    this.parts.reporter({ type: 'progress', progress: this.progress() });
  }

  private status(): RunStatus {
    const { counters, inFlight, stopper } = this;
    const { clock, files, outages } = this.parts;
    const running = { counters, inFlight, outages, stopper, progress: this.progress() };
    return runningStatus(files.rollouts, running, clock.now());
  }

  private async finish(): Promise<RunSummary> {
    const { files, clock, aggregate, reporter, notice, options } = this.parts;
    const balance = { ...this.counters.balance };
    checkBalance(balance);
    this.report();
    if (this.budget.limited && this.budget.unknown > 0) {
      notice(
        `${this.budget.unknown} rollouts did not say what they used: the budget does not count them`,
        'warn',
      );
    }
    const elsewhere = this.parts.used?.describe();
    if (elsewhere !== undefined) notice(elsewhere);
    if (aggregate) {
      await this.numbers.writeAggregate(files.aggregateMetrics, this.isWhole).catch((error: unknown) => {
        notice(`cannot write ${files.aggregateMetrics}: ${(error as Error).message}`, 'warn');
      });
    }
    const { stop } = this.stopper;
    const status = statusOf(balance, stop?.cause ?? null);
    const summary: RunSummary = {
      status,
      balance,
      agents: this.numbers.summaries(),
      elapsedMs: clock.now() - this.startedAt,
      files,
      next: nextStep(status, balance, {
        files,
        leftAlone: this.leftAlone,
        stop,
        show: (file) => shorter(path.relative(options.cwd, file), file),
      }),
      // A limit that the last rollout reached has stopped nothing.
      ...(stop === null || status === 'complete' ? {} : { stopped: stop.message }),
    };
    reporter({ type: 'end', summary });
    return summary;
  }
}
