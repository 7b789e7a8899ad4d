import { z } from 'zod';
import { isObject } from '../../../protocol/index.js';
import type { JsonObject } from '../../../protocol/index.js';
import { SequenceMatcher } from '../../../python/index.js';

/** Also what JSON has no number for. */
const number = z.custom<number>((value) => typeof value === 'number');
const text = z.string();
const flag = z.boolean();

/** What a batch of commands must look like, by the program that is to run it. */
const FORMS: ReadonlyMap<unknown, z.ZodType> = new Map<unknown, z.ZodType>([
  [
    'terminus_1',
    z.strictObject({
      state_analysis: text,
      explanation: text,
      commands: z.array(z.strictObject({ keystrokes: text, is_blocking: flag, timeout_sec: number })),
      is_task_complete: flag,
    }),
  ],
  [
    'terminus_2',
    z.strictObject({
      analysis: text,
      plan: text,
      commands: z.array(z.strictObject({ keystrokes: text, duration: number.optional() })),
      task_complete: flag.optional(),
    }),
  ],
]);

export const isHarness = (name: unknown): boolean => FORMS.has(name);

export const fitsForm = (batch: JsonObject, harness: unknown): boolean =>
  FORMS.get(harness)!.safeParse(batch).success;

/** A batch that ends the task where the expected one does. */
export function endsTask(batch: JsonObject, expected: JsonObject): boolean {
  const key = ['task_complete', 'is_task_complete'].find((name) => expected[name] === true);
  return key === undefined || batch[key] === true;
}

const keystrokes = ({ commands }: JsonObject): string[] =>
  (commands as JsonObject[]).filter(isObject).map((command) => command['keystrokes'] as string);

/** How alike the keystrokes of two batches are, 0 to 1. */
export function likeness(expected: JsonObject, batch: JsonObject): number {
  const [wanted, given] = [keystrokes(expected), keystrokes(batch)];
  if (wanted.length === 0 || given.length === 0) return Number(wanted.length === given.length);
  return new SequenceMatcher(wanted.join(''), given.join('')).ratio();
}
