import type { Clock, FailureKind, Outcome, TaskRow } from '../../protocol/index.js';
import type { StoredTask } from '../dataset/tasks.js';
import type { Journal } from '../store/journal.js';
import type { StoredOutcome } from '../store/ledger.js';
import type { RunRecord } from '../store/row-text.js';
import { failureLine, maskedLine, resultLine } from '../store/row-text.js';
import type { Counters } from './counters.js';
import type { Cast } from '../../graph/index.js';
import { playEpisode } from './episode.js';
import { isFinal } from './final-kinds.js';
import type { Flight, InFlight } from './in-flight.js';

/** A rollout that is to be played now. */
export interface OwedTask extends StoredTask {
  stored: StoredOutcome;
}

/** Where a runner's results go besides the journal. */
export interface Sinks {
  /** A rollout that had failed is being tried again. */
  retried(agent: string, kind: FailureKind): void;
  /** `line` as it was stored. */
  scored(line: string): void;
  failed(agent: string, outcome: Extract<Outcome, { status: 'failed' }>): void;
}

export interface RunnerParts {
  concurrency: number;
  /** Owed rollouts in order; pulled only when an episode can start. */
  source: AsyncIterator<OwedTask>;
  cast(agent: string): Cast;
  journal: Journal;
  inFlight: InFlight;
  counters: Counters;
  sinks: Sinks;
  clock: Clock;
  /** No episode starts once this is aborted. */
  drain: AbortSignal;
}

/**
 * Plays owed rollouts, at most `concurrency` at a time, until the source or the drain signal ends it. Failures of
 * episodes are rows; only a journal that cannot be written, or a source that cannot be read, rejects.
 */
export async function runAll(parts: RunnerParts): Promise<void> {
  let broken: { error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    try {
      while (!parts.drain.aborted && broken === null) {
        const next = await parts.source.next();
        if (next.done === true || parts.drain.aborted) return;
        await runOne(parts, next.value);
      }
    } catch (error) {
      broken ??= { error };
      parts.inFlight.cancelAll('the run cannot go on');
    }
  };
  await Promise.all(Array.from({ length: parts.concurrency }, worker));
  if (broken !== null) throw (broken as { error: unknown }).error;
}

async function runOne(parts: RunnerParts, owed: OwedTask): Promise<void> {
  const row = JSON.parse(owed.text) as TaskRow;
  const attempt = owed.stored.attempts;
  parts.counters.dispatch(owed.stored.state);
  if (owed.stored.kind !== null && owed.stored.state === 'failed') {
    parts.sinks.retried(owed.agent, owed.stored.kind);
  }
  const flight = parts.inFlight.begin(row, attempt);
  let status: Outcome['status'] = 'cancelled';
  try {
    const outcome = await playEpisode(row, parts.cast(owed.agent), flight);
    await store(parts, owed, row, outcome, flight);
    status = outcome.status;
  } finally {
    parts.inFlight.end(flight);
    parts.counters.settle(status);
  }
}

async function store(
  parts: RunnerParts,
  owed: OwedTask,
  row: TaskRow,
  outcome: Outcome,
  flight: Flight,
): Promise<void> {
  const attempt = owed.stored.attempts;
  const run: RunRecord = {
    duration_ms: Math.round(parts.clock.now() - flight.startedAt),
    attempts: flight.call.attempts,
  };
  switch (outcome.status) {
    case 'scored': {
      const line = resultLine(row, outcome, attempt, {
        stop_reason: outcome.stopReason,
        turns: outcome.turns,
        ...run,
      });
      const stored = await parts.journal.scored(line);
      parts.counters.reward(outcome.reward);
      parts.sinks.scored(stored);
      return;
    }
    case 'failed': {
      const { partial, kind, message, retryable } = outcome;
      const failure = { partial, kind, message, retryable, final: isFinal(kind, retryable) };
      await parts.journal.unscored(failureLine(row, failure, attempt, run));
      parts.sinks.failed(owed.agent, outcome);
      return;
    }
    case 'masked':
      await parts.journal.unscored(maskedLine(row, outcome, attempt, run));
      return;
    case 'cancelled':
      return;
  }
}
