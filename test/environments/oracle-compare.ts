import { expect } from 'vitest';
import { conformanceRows } from '../support/conformance.js';
import type { Case } from './oracle.js';
import { answeredSteps, expectedOf, failureOf, PLAYED_BY, playCase, playGame, whatIsSet } from './oracle.js';

/** Compares one case; gives the CPU of its session. Throws where ours says something else than the reference. */
export async function compare(name: string, one: Case): Promise<number | undefined> {
  if (one.reset !== undefined) {
    const steps = answeredSteps(one).map(({ body }) => body);
    expect(await playGame(name, one)).toEqual([one.reset.body, ...steps]);
    return undefined;
  }
  const { found, why, asked, told, cpu } = await playCase(PLAYED_BY[name] ?? name, one);
  const failure = failureOf(one);
  if (failure !== undefined) expect(found).toBe(failure);
  else if (one.status !== 200) expect(typeof found, JSON.stringify(found)).toBe('string');
  else if (typeof found === 'string') throw new Error(`no verdict, but ${found}: ${why}`);
  else expect(found, diff(found, one)).toEqual(expectedOf(found, one));
  for (const [index, { status, output }] of (one.session ?? []).entries()) {
    if (status === 200 && index < told.length) expect(jsonOr(told[index])).toEqual(jsonOr(output));
  }
  // Where the reference breaks or refuses the row, ours may see it before or after it asks a judge.
  if (one.status !== 200) return cpu;
  const wanted = (one.judge ?? []).map(({ request: { server, path, body } }) => ({
    server,
    path,
    body: whatIsSet(body),
  }));
  expect(asked).toMatchObject(wanted);
  return cpu;
}

/** The value of a text that is JSON, else the text. */
function jsonOr(text: unknown): unknown {
  try {
    return JSON.parse(text as string) as unknown;
  } catch {
    return text;
  }
}

const diff = (found: unknown, { verdict }: Case): string =>
  `\n  found ${JSON.stringify(found)}\n  reference ${JSON.stringify(verdict)}\n`;

/** All cases of an environment: how many there are, which differ and how, and the CPU of each session in microseconds. */
export async function playAll(
  name: string,
): Promise<{ all: number; differing: Map<Case, string>; cpu: number[] }> {
  const differing = new Map<Case, string>();
  const cpu: number[] = [];
  const cases = conformanceRows<Case>('environments', name, 'cases.jsonl');
  for (const one of cases) {
    try {
      const used = await compare(name, one);
      if (used !== undefined) cpu.push(used);
    } catch (error) {
      differing.set(one, (error as Error).message);
    }
  }
  return { all: cases.length, differing, cpu };
}
