import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import type { Json, JsonObject, ResponsesReply } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';

/** What a judge says in a case: a text, or a whole reply as it came over the wire. */
export type JudgeSays = string | { readonly reply: { readonly status: number; readonly body: Json } };

/** A reply of the model: a text, or a whole one. */
interface Said {
  readonly reply?: string;
  readonly response?: ResponsesReply | null;
}

/** One line of `tests/cases.jsonl`: what is played, and what must come of it. Only what is given is compared. */
export interface TrialCase extends Said {
  readonly case: string;
  readonly row: JsonObject;
  /** Tool calls of the episode, in order, with what they must answer. */
  readonly session?: readonly { tool: string; arguments: unknown; output?: Json }[];
  readonly judge?: readonly JudgeSays[];
  readonly verdict?: JsonObject;
  /** There must be no verdict. The same as a `status` other than 200. */
  readonly fails?: boolean;
  readonly status?: number;
  /** Turn-taking environments. */
  readonly reset?: { readonly body: JsonObject };
  readonly steps?: readonly (Said & { readonly body?: JsonObject })[];
}

/** A line of a file, with its number from 1. */
export interface Line<Value> {
  readonly at: number;
  readonly value: Value;
}

/** The objects of a JSONL file; undefined where there is no such file. Throws NgError for a line that is none. */
export async function readLines<Value>(file: string): Promise<Line<Value>[] | undefined> {
  if (!existsSync(file)) return undefined;
  const lines = (await readFile(file, 'utf8')).split('\n').map((text, index) => ({ text, at: index + 1 }));
  return lines
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, at }) => ({ at, value: parsed(file, text, at) as Value }));
}

function parsed(file: string, text: string, at: number): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw errors.trialLineUnreadable(file, at, (error as Error).message);
  }
  if (!isObject(value)) throw errors.trialLineUnreadable(file, at, 'it is no JSON object');
  return value;
}

/** The cases of a file. Throws NgError for one without a row. */
export async function readCases(file: string): Promise<Line<TrialCase>[]> {
  const lines = (await readLines<JsonObject>(file)) ?? [];
  return lines.map(({ at, value }) => {
    if (!isObject(value['row'])) throw errors.trialLineUnreadable(file, at, 'it has no "row"');
    const name = typeof value['case'] === 'string' ? value['case'] : `line ${at}`;
    return { at, value: { ...value, case: name } as unknown as TrialCase };
  });
}
