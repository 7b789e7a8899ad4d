import type { CallFailure as Failure, Clock, FailureKind } from '../../protocol/index.js';
import { CallFailure } from '../../protocol/index.js';
import type { Breaker } from './breaker.js';

/** Faults of the request, not of the provider: another provider is not asked, and none is blamed. */
const OF_THE_REQUEST: ReadonlySet<FailureKind> = new Set([
  'bad_request',
  'content_policy',
  'untranslatable',
  'row_invalid',
  'episode_timeout',
  'retry_budget_spent',
]);
/** Another provider may take it, but this one is not at fault. */
const BLAMELESS: ReadonlySet<FailureKind> = new Set(['context_overflow', 'oversized_reply', 'replay_miss']);

/** One of several that can answer the same request. */
export interface Candidate {
  readonly breaker: Breaker;
}

/** False for a fault of the request itself: it would be one everywhere. */
export function mayBeAskedElsewhere({ kind }: Failure): boolean {
  return !OF_THE_REQUEST.has(kind);
}

export interface TurnOptions<C extends Candidate> {
  readonly now: number;
  /** One that cannot be reached just now is passed over. */
  readonly out?: (candidate: C) => boolean;
  /** Whoever has the least to do is asked first; absent: in the given order. */
  readonly load?: (candidate: C) => number;
  /** What becomes of those that are left alone for now: not asked, or asked when all others have failed. */
  readonly leftAlone: 'not asked' | 'last';
}

/** Whom to ask, one after the other until one answers; when none may be asked, the first all the same. */
export function* inTurn<C extends Candidate>(
  candidates: readonly C[],
  { now, out = () => false, load, leftAlone }: TurnOptions<C>,
): Generator<C> {
  const ordered =
    load === undefined || candidates.length < 2
      ? candidates
      : candidates.toSorted((a, b) => load(a) - load(b));
  const later: C[] = [];
  let asked = false;
  for (const candidate of ordered) {
    if (out(candidate) || !candidate.breaker.admits(now)) {
      later.push(candidate);
      continue;
    }
    asked = true;
    yield candidate;
  }
  if (leftAlone === 'last') yield* later;
  else if (!asked && candidates.length > 0) yield candidates[0]!;
}

export interface AskOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Aborted: nothing is learnt of the candidate. */
  readonly signal: AbortSignal;
  /** One that cannot be reached is probed by its own health, and known to be back at once. */
  readonly out?: () => boolean;
  /** Further failures that say nothing against a candidate. */
  readonly blameless?: (failure: Failure) => boolean;
}

/** Asks a candidate, and remembers how it went for those who come after. Throws what `ask` throws. */
export async function askCandidate<T>(
  { breaker }: Candidate,
  ask: () => Promise<T>,
  { clock, signal, out = () => false, blameless = () => false }: AskOptions,
): Promise<T> {
  try {
    const value = await ask();
    breaker.succeeded();
    return value;
  } catch (error) {
    const blamed =
      error instanceof CallFailure &&
      !signal.aborted &&
      mayBeAskedElsewhere(error) &&
      !BLAMELESS.has(error.kind) &&
      !blameless(error);
    if (blamed && !out()) breaker.failed(error.kind, clock.now());
    else breaker.released();
    throw error;
  }
}
