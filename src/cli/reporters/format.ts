import type { Progress } from '../../index.js';

/** An in-flight episode without progress for this long is worth naming. Unit: milliseconds. */
const STUCK_AFTER_MS = 15_000;

/** `7s`, `2m05s`, `1h02m`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}

/** Rollouts of the plan that need no more work in this run. */
export function done(progress: Progress): number {
  return progress.scored + progress.failed + progress.masked + progress.cancelled;
}

/** The figures of a progress line, without the count that a bar shows already. */
export function figures(progress: Progress): string {
  const parts = [
    `scored ${progress.scored}`,
    `failed ${progress.failed}`,
    ...(progress.masked > 0 ? [`masked ${progress.masked}`] : []),
    `mean reward ${progress.meanReward === null ? '-' : progress.meanReward.toFixed(3)}`,
    `${progress.rolloutsPerSecond.toFixed(progress.rolloutsPerSecond < 10 ? 2 : 0)} rollouts/s`,
    `in flight ${progress.inFlight}`,
    `ETA ${progress.etaMs === null ? '-' : duration(progress.etaMs)}`,
  ];
  const stuck = stuckText(progress);
  return (stuck === '' ? parts : [...parts, stuck]).join(' · ');
}

/** What the run is waiting for, once something has not moved for a while; else an empty string. */
export function stuckText({ oldest }: Progress): string {
  if (oldest === null || oldest.idleMs < STUCK_AFTER_MS) return '';
  const detail = oldest.detail === '' ? '' : ` (${oldest.detail})`;
  return `oldest ${oldest.episodeId} ${oldest.phase.replaceAll('_', ' ')} for ${duration(oldest.idleMs)}${detail}`;
}

/** The line that opens a run. */
export function startText(start: {
  planned: number;
  alreadyDone: number;
  concurrency: number;
  files: { rollouts: string };
}): string {
  const owed = start.planned - start.alreadyDone;
  const before = start.alreadyDone > 0 ? `, ${start.alreadyDone} of them done before, ${owed} owed` : '';
  const rollouts = start.planned === 1 ? '1 rollout' : `${start.planned} rollouts`;
  return `${rollouts} planned${before}; at most ${start.concurrency} at a time; writing ${start.files.rollouts}`;
}

/** A notice as one line for stderr. */
export function noticeText(notice: { level: 'info' | 'warn'; message: string }): string {
  return notice.level === 'warn' ? `warning: ${notice.message}` : notice.message;
}
