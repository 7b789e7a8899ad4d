import type { HeaderFields } from '../../protocol/index.js';
import { header, parseDuration } from '../../protocol/index.js';

const FAMILIES = [
  { left: 'x-ratelimit-remaining-requests', reset: 'x-ratelimit-reset-requests' },
  { left: 'anthropic-ratelimit-requests-remaining', reset: 'anthropic-ratelimit-requests-reset' },
];

function waitMs(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return parseDuration(text) ?? (Number.isNaN(at) ? undefined : Math.max(0, at - now));
}

/** How many requests the provider says are left, and in how many milliseconds its quota is whole again. */
export function quotaOf(headers: HeaderFields, now: number): { left: number; resetMs: number } | undefined {
  for (const family of FAMILIES) {
    const left = header(headers, family.left);
    const resetMs = waitMs(header(headers, family.reset), now);
    if (left !== undefined && /^\d+$/.test(left) && resetMs !== undefined)
      return { left: Number(left), resetMs };
  }
  return undefined;
}
