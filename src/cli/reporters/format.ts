import type { Progress, RunEvent } from '../../index.js';

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

/** Rollouts of the plan that need no more work in this run; cancelled ones are owed. */
export function done(progress: Progress): number {
  return progress.scored + progress.failed + progress.masked;
}

/** `172/1500`; `172/1500+` while more is being planned. */
export function countText(progress: Progress): string {
  return `${done(progress)}/${progress.planned}${progress.planning ? '+' : ''}`;
}

const rateText = ({ rolloutsPerSecond: rate }: Progress): string => rate.toFixed(rate < 10 ? 2 : 0);
const meanText = ({ meanReward }: Progress): string => (meanReward === null ? '-' : meanReward.toFixed(3));

function etaText({ etaMs, waiting }: Progress): string {
  if (waiting !== null) return 'waiting';
  return etaMs === null ? '-' : duration(etaMs);
}

/** The figures of a progress line, without the count. */
export function figures(progress: Progress): string {
  return [
    `scored ${progress.scored}`,
    `failed ${progress.failed}`,
    ...(progress.masked > 0 ? [`masked ${progress.masked}`] : []),
    `mean reward ${meanText(progress)}`,
    `${rateText(progress)} rollouts/s`,
    `in flight ${progress.inFlight}`,
    `ETA ${etaText(progress)}`,
    ...stuckTexts(progress),
  ].join(' · ');
}

const WIDEST_BAR = 24;
const NARROWEST_BAR = 10;

/**
 * The progress line of a terminal of `width` columns: the bar takes what the words leave, the words become shorter
 * before one of the figures is left out.
 */
export function layout(progress: Progress, width: number): string {
  const count = countText(progress);
  const stuck = stuckTexts(progress);
  const long = [count, figures(progress)].join(' · ');
  const room = Math.min(WIDEST_BAR, width - long.length - 1);
  if (room >= NARROWEST_BAR) return `${drawBar(done(progress), progress.planned, room)} ${long}`;
  if (long.length <= width) return long;
  const short = [
    count,
    `failed ${progress.failed}`,
    `mean ${meanText(progress)}`,
    `${rateText(progress)}/s`,
    `${progress.inFlight} in flight`,
    `ETA ${etaText(progress)}`,
  ];
  if (progress.waiting === null) return [...short, ...stuck].join(' · ').slice(0, width);
  // While nothing moves, what is waited for says more than the figures.
  const { text, reason } = progress.waiting;
  const whole = `${count} · ${text}`;
  return (whole.length <= width ? whole : `${count} · ${text.replace(` (${reason})`, '')}`).slice(0, width);
}

function drawBar(value: number, total: number, width: number): string {
  const filled = Math.round((total === 0 ? 1 : value / total) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** What the run is waiting for, or which episode has not moved for a while. */
function stuckTexts(progress: Progress): string[] {
  if (progress.waiting !== null) return [progress.waiting.text];
  const stuck = stuckText(progress);
  return stuck === '' ? [] : [stuck];
}

/** What the run is waiting for, once something has not moved for a while; else an empty string. */
export function stuckText({ oldest }: Progress): string {
  if (oldest === null || oldest.idleMs < STUCK_AFTER_MS) return '';
  const detail = oldest.detail === '' ? '' : ` (${oldest.detail})`;
  return `oldest ${oldest.episodeId} ${oldest.phase.replaceAll('_', ' ')} for ${duration(oldest.idleMs)}${detail}`;
}

/** A text in lines of at most `width`, broken between words where there are any. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const space = rest.lastIndexOf(' ', width);
      const cut = space > width / 3 ? space : width;
      lines.push(rest.slice(0, cut));
      rest = rest.slice(cut).trimStart();
    }
    return [...lines, rest];
  });
}

/** The line that opens a run. */
export function startText(start: {
  planned: number;
  alreadyDone: number;
  owed: number;
  concurrency: number;
  files: { rollouts: string };
}): string {
  const { planned, alreadyDone, owed } = start;
  const before = owed < planned ? `, ${alreadyDone} of them done before, ${owed} owed` : '';
  const rollouts = start.planned === 1 ? '1 rollout' : `${start.planned} rollouts`;
  return `${rollouts} planned${before}; at most ${start.concurrency} at a time; writing ${start.files.rollouts}`;
}

/** What an event says by itself; undefined for those that are shown otherwise. */
export function eventText(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'notice':
      return event.level === 'warn' ? `warning: ${event.message}` : event.message;
    case 'waiting': {
      const { waiting, maxSeconds } = event;
      const end = maxSeconds === 0 ? '' : `, for at most ${duration(maxSeconds * 1000)} (max_outage_seconds)`;
      return `warning: ${waiting.text}. Nothing new begins until ${waiting.url} answers${end}`;
    }
    case 'resumed':
      return `${event.name} answers again after ${duration(event.waitedMs)}; going on`;
    default:
      return undefined;
  }
}
