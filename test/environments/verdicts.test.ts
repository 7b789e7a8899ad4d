import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../src/protocol/index.js';
import type { Json, JsonObject, ResponsesReply, TaskRow } from '../../src/protocol/index.js';
import { conformanceMissing, conformanceRows } from '../support/conformance.js';
import { call, environment } from './support.js';

/** A verdict of the reference's own verifier, version 0.7.0. */
interface Case {
  case: string;
  config: JsonObject;
  row: JsonObject;
  response: ResponsesReply | null;
  session?: { tool: string; arguments: unknown; status: number; output: string }[];
  status: number;
  verdict: JsonObject;
}

/** What every verdict of 0.7.0 has besides its own keys; ours has it where it says something. */
const DEFAULTS = ['mask_sample', 'failure_kind', 'failure_reason'];

/**
 * Deliberate differences, by environment: what is different, why, and in which cases. The environment's README says
 * the same to users.
 */
const DIFFERENCES: Record<string, { why: string; is: (one: Case) => boolean }[]> = {
  mcqa: [
    {
      why: 'null means absent: for a grading mode and for a pattern',
      is: ({ row }) =>
        row['grading_mode'] === null ||
        (row['template_metadata'] as JsonObject | null)?.['output_regex'] === null,
    },
    {
      why: 'keys that grading does not use are not looked at',
      is: ({ status, verdict }) => {
        const detail = status === 422 ? (verdict['detail'] as { loc: string[] }[]) : [];
        return detail.some(({ loc }) => ['uuid', 'metadata', 'responses_create_params'].includes(loc[1]!));
      },
    },
    {
      why: 'a row without a right answer cannot be graded: it fails instead of scoring 0',
      is: ({ row }) => ['', undefined, null].includes(row['expected_answer'] as string | null | undefined),
    },
  ],
  example_single_tool_call: [
    {
      why: 'keys that the verdict does not depend on are not looked at',
      is: ({ case: name }) => name === 'row_missing_rcp',
    },
  ],
};

/** Replies that are none: models and agents never hand them to a verifier here. */
function isReply({ response }: Case): boolean {
  return response !== null && response.output.every(({ type }) => type !== ('nonsense' as typeof type));
}

/** Content of a message as parts: our readers of replies leave no other form. */
function hasTextContent({ response }: Case): boolean {
  return response!.output.some((item) => item.type === 'message' && typeof item.content === 'string');
}

async function verdictOf(
  name: string,
  { config, row, response, session }: Case,
): Promise<JsonObject | string> {
  const env = await environment(name, config);
  const task = { ...row, _ng_task_index: 0, _ng_rollout_index: 0 } as unknown as TaskRow;
  try {
    const opened = await env.open(task, call());
    for (const { tool, arguments: args } of session ?? []) await env.callTool(opened, tool, args, call());
    const verdict = await env.verify(opened, task, response!, call());
    await env.close(opened);
    return { ...verdict } as JsonObject;
  } catch (error) {
    if (error instanceof CallFailure) return error.kind;
    throw error;
  }
}

function expected(found: JsonObject, { row, verdict }: Case): JsonObject {
  // The recording leaves out keys of the verdict that are equal to one of the request.
  const fields = Object.entries({ ...found, ...verdict }).filter(([key]) => !DEFAULTS.includes(key));
  return Object.fromEntries<Json>(
    fields.map(([key, value]) => [key, key in verdict ? value : (row[key] ?? value)]),
  );
}

describe.skipIf(conformanceMissing)('verdicts of the reference', () => {
  it.each(Object.keys(DIFFERENCES))('%s: every case alike, or a difference that is listed', async (name) => {
    const cases = conformanceRows<Case>('environments', name, 'cases.jsonl').filter(isReply);
    expect(cases.length).toBeGreaterThan(20);
    const listed = DIFFERENCES[name]!;
    for (const one of cases) {
      const found = await verdictOf(name, one);
      const label = `${one.case}: ${JSON.stringify(found)}`;
      if (listed.some(({ is }) => is(one)) || (one.status === 500 && hasTextContent(one))) continue;
      if (one.status !== 200) expect(typeof found, label).toBe('string');
      else expect(found, label).toEqual(expected(found as JsonObject, one));
    }
  });
});
