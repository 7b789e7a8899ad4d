import type { Json } from '../../protocol/index.js';

export interface Difference {
  /** Dotted path, e.g. `messages[1].content`. */
  path: string;
  recorded: Json | undefined;
  asked: Json | undefined;
}

/** Where two JSON values differ, leaf by leaf, in document order. */
export function differences(recorded: Json | undefined, asked: Json | undefined, path = ''): Difference[] {
  if (isBranch(recorded) && isBranch(asked) && Array.isArray(recorded) === Array.isArray(asked)) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(asked)]);
    return [...keys].flatMap((key) => {
      const at = Array.isArray(recorded) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      return differences(child(recorded, key), child(asked, key), at);
    });
  }
  return JSON.stringify(recorded) === JSON.stringify(asked) ? [] : [{ path, recorded, asked }];
}

function isBranch(value: Json | undefined): value is Json[] | { [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

function child(value: Json[] | { [key: string]: Json }, key: string): Json | undefined {
  return Array.isArray(value) ? value[Number(key)] : value[key];
}

/** Characters of context shown around the place where two texts part. */
const CONTEXT = 30;

/** The difference on one line; of long texts the part around the first differing character. */
export function describe({ path, recorded, asked }: Difference): string {
  if (typeof recorded === 'string' && typeof asked === 'string') {
    const at = commonPrefix(recorded, asked);
    const from = Math.max(0, at - CONTEXT);
    return `${path}: recorded ${quote(recorded, from, at)}, asked ${quote(asked, from, at)}`;
  }
  return `${path}: recorded ${short(recorded)}, asked ${short(asked)}`;
}

function quote(text: string, from: number, at: number): string {
  const to = at + CONTEXT;
  return `${from > 0 ? '…' : ''}${JSON.stringify(text.slice(from, to))}${to < text.length ? '…' : ''}`;
}

function short(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function commonPrefix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  return at;
}

/** How alike two differing leaves are, 0 to 1. */
function likeness({ recorded, asked }: Difference): number {
  if (typeof recorded !== 'string' || typeof asked !== 'string') return 0;
  const longest = Math.max(recorded.length, asked.length);
  const prefix = commonPrefix(recorded, asked);
  let suffix = 0;
  const room = Math.min(recorded.length, asked.length) - prefix;
  while (suffix < room && recorded.at(-1 - suffix) === asked.at(-1 - suffix)) suffix += 1;
  return longest === 0 ? 1 : (prefix + suffix) / longest;
}

/** The candidate that differs least from what was asked, with the differences; undefined without candidates. */
export function nearestRequest<Candidate extends { request: Json }>(
  asked: Json,
  candidates: Iterable<Candidate>,
): { candidate: Candidate; differences: Difference[]; distance: number } | undefined {
  let best: { candidate: Candidate; differences: Difference[]; distance: number } | undefined;
  for (const candidate of candidates) {
    const found = differences(candidate.request, asked);
    const distance = found.reduce((sum, difference) => sum + 1 - likeness(difference), 0);
    if (best === undefined || distance < best.distance) best = { candidate, differences: found, distance };
  }
  return best;
}
