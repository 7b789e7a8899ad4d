import type { Clock, JsonObject, Outcome, TaskRow } from '../../protocol/index.js';
import type { StoredTask } from '../dataset/tasks.js';
import type { ResultFacts } from '../numbers.js';
import type { Journal } from '../store/journal.js';
import type { StoredOutcome } from '../store/ledger.js';
import type { RunRecord } from '../store/row-text.js';
import { failureLine, resultLine } from '../store/row-text.js';
import type { Budget } from './budget.js';
import { usageIn } from './budget.js';
import type { Counters } from './counters.js';
import type { Cast } from '../../graph/index.js';
import { playEpisode } from './episode.js';
import { isFinal } from './final-kinds.js';
import type { Judged, JudgeUse } from './judges.js';
import type { Flight, InFlight, Place } from './in-flight.js';
import type { Outages } from './outages.js';
import type { RateWindow } from './rate.js';
import type { Stopper } from './stopper.js';
import type { Unanswered } from './unanswered.js';
import { treatUnanswered } from './unanswered.js';

/** A rollout that is to be played now. */
export interface OwedTask extends StoredTask {
  stored: StoredOutcome;
}

/** Where a runner's results go besides the journal. */
export interface Sinks {
  /** A scored or masked rollout; `line` as it was stored. */
  done(line: string, facts: ResultFacts): void;
  failed(rollout: OwedTask, outcome: Extract<Outcome, { status: 'failed' }>): void;
  /** What an episode used, where a reply told it, and its judges, where some were asked. */
  spent(agent: string, usage: unknown, judges: JudgeUse | undefined): void;
}

export interface RunnerParts {
  concurrency: number;
  /** Owed rollouts in order; pulled only when an episode can start. */
  source: AsyncIterator<OwedTask>;
  cast(agent: string): Cast;
  /** What a result cost; null = unknown. Unit: US dollars. */
  costOf(agent: string, result: JsonObject): number | null;
  /** What the judges of an episode used; undefined where none was asked. */
  judgesOf(asked: readonly Judged[]): JudgeUse | undefined;
  journal: Journal;
  inFlight: InFlight;
  counters: Counters;
  rate: RateWindow;
  sinks: Sinks;
  clock: Clock;
  /** Recorded exchanges stand for the provider: rows must not depend on this run's own timing. */
  replaying: boolean;
  budget: Budget;
  /** No episode starts while something that it may need cannot be reached. */
  outages: Pick<Outages, 'over'>;
  /** What endings without an answer count as. */
  unanswered: Unanswered;
  /** No episode starts once this has a stop. */
  stopper: Stopper;
}

/** A place for one more episode, once the budget has room; null = nothing may start any more. */
async function admit({ budget, inFlight, outages, stopper }: RunnerParts): Promise<Place | null> {
  while (!stopper.signal.aborted) {
    await outages.over(stopper.signal);
    if (stopper.signal.aborted) return null;
    const decision = budget.decide(inFlight.reserved);
    // Taken in the same breath as the decision, so that nobody else sees the same room.
    if (decision === 'go') return inFlight.reserve();
    if (decision === 'stop') stopper.request('budget', budget.describe());
    else await budget.change();
  }
  return null;
}

/** Plays one rollout after the other until there is none to play, or nothing may start. */
async function work(parts: RunnerParts): Promise<void> {
  for (let place = await admit(parts); place !== null; place = await admit(parts)) {
    try {
      const next = await parts.source.next();
      if (next.done === true) return;
      // It may have gone while the row was read.
      await parts.outages.over(parts.stopper.signal);
      if (parts.stopper.signal.aborted) return;
      await runOne(parts, next.value);
    } finally {
      place.free();
      parts.budget.wake();
    }
  }
}

/**
 * Plays owed rollouts, at most `concurrency` at a time, until the source, the budget or a stop ends it. Failures of
 * episodes are rows; only a journal that cannot be written, or a source that cannot be read, rejects: once all
 * episodes in flight have been cancelled.
 */
export async function runAll(parts: RunnerParts): Promise<void> {
  const { stopper, inFlight, budget } = parts;
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    try {
      await work(parts);
    } catch (error) {
      errors.push(error);
      stopper.request('disk', error instanceof Error ? error.message : String(error));
      inFlight.cancelAll('the run cannot go on');
    }
  };
  const stopped = (): void => budget.wake();
  stopper.signal.addEventListener('abort', stopped);
  try {
    await Promise.all(Array.from({ length: parts.concurrency }, worker));
  } finally {
    stopper.signal.removeEventListener('abort', stopped);
  }
  if (errors.length > 0) throw errors[0];
}

async function runOne(parts: RunnerParts, owed: OwedTask): Promise<void> {
  const row = JSON.parse(owed.text) as TaskRow;
  const attempt = owed.stored.attempts;
  parts.counters.dispatch();
  const flight = parts.inFlight.begin(row, attempt);
  let status: Outcome['status'] = 'cancelled';
  try {
    const played = await playEpisode(row, parts.cast(owed.agent), flight, () => parts.inFlight.draining);
    const outcome = treatUnanswered(played, parts.unanswered);
    await store(parts, owed, row, outcome, flight);
    status = outcome.status;
  } finally {
    parts.inFlight.end(flight);
    parts.counters.settle(status);
  }
}

/** Recorded attempts bring their times along; the time that a replay takes would differ each time. */
function durationOf({ replaying, clock }: RunnerParts, { call, startedAt }: Flight): number {
  if (!replaying) return Math.round(clock.now() - startedAt);
  const ends = call.attempts.map((attempt) => attempt.started_at + attempt.duration_ms);
  const starts = call.attempts.map((attempt) => attempt.started_at);
  return ends.length === 0 ? 0 : Math.round(Math.max(...ends) - Math.min(...starts));
}

async function store(
  parts: RunnerParts,
  owed: OwedTask,
  row: TaskRow,
  outcome: Outcome,
  flight: Flight,
): Promise<void> {
  const attempt = owed.stored.attempts;
  const judges = parts.judgesOf(flight.judged);
  const run: RunRecord = {
    duration_ms: durationOf(parts, flight),
    attempts: flight.call.attempts,
    ...(judges !== undefined && { judges }),
  };
  switch (outcome.status) {
    case 'scored':
    case 'masked': {
      const line = resultLine(row, outcome, attempt, {
        stop_reason: outcome.stopReason,
        turns: outcome.turns,
        ...run,
        cost_usd: parts.costOf(owed.agent, outcome.result),
      });
      const stored = await parts.journal.done(line);
      const reward = outcome.status === 'masked' ? null : outcome.reward;
      if (reward !== null) parts.counters.reward(reward);
      parts.rate.scored(parts.clock.now());
      const { agent, task, rollout } = owed;
      const usage = usageIn(outcome.result);
      parts.sinks.done(stored, { agent, task, rollout, reward, usage, judges });
      parts.sinks.spent(agent, usage, judges);
      return;
    }
    case 'failed': {
      const { partial, kind, message, retryable } = outcome;
      const failure = { partial, kind, message, retryable, final: isFinal(kind, retryable) };
      await parts.journal.failed(failureLine(row, failure, attempt, run));
      parts.counters.failure(kind);
      parts.sinks.failed(owed, outcome);
      const usage = usageIn(partial);
      if (usage !== undefined || judges !== undefined) parts.sinks.spent(owed.agent, usage, judges);
      return;
    }
    case 'cancelled':
      return;
  }
}
