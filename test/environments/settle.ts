import type { Case, Difference } from './oracle.js';
import { differencesOf } from './oracle.js';

/** What remains of the differing cases of an environment when the deliberate differences are taken away. */
export interface Settled {
  /** Cases that differ, and no listed difference covers: with what differs. */
  wrong: string[];
  /** Reasons of those of its own list that explain no differing case: they are gone, and go from the list. */
  idle: string[];
  /** How many differing cases are covered. */
  explained: number;
}

/**
 * Holds the cases that differ against the listed differences. All cases are played: a difference excuses a case that
 * differs, and no more; how many cases it covers that are alike does not matter.
 */
export async function settle(name: string, differing: ReadonlyMap<Case, string>): Promise<Settled> {
  const own = await differencesOf(name);
  const everywhere = await differencesOf('every-environment');
  const busy = new Set<Difference>();
  const wrong: string[] = [];
  let explained = 0;
  for (const [one, problem] of differing) {
    const covering = [...everywhere, ...own].filter(({ is }) => is(one, problem));
    for (const difference of covering) busy.add(difference);
    if (covering.length === 0) wrong.push(`${one.case}: ${problem}`);
    else explained += 1;
  }
  return { wrong, explained, idle: own.filter((one) => !busy.has(one)).map(({ why }) => why) };
}

/** The first of them, and how many there are. */
export function shown(wrong: readonly string[]): string {
  return wrong.slice(0, Number(process.env['NGYM_ORACLE'] ?? 5)).join('\n');
}
