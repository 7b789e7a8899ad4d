import { isDeepStrictEqual } from 'node:util';
import type { Call, Environment, Json, JsonObject, ResponsesReply, TaskRow } from '../../protocol/index.js';
import { CallFailure } from '../../protocol/index.js';
import type { TrialCase } from './case.js';
import { responseOf } from './reply.js';

/** What came of a case: the verdict or the turns, or why there is none. */
export interface Outcome {
  verdict?: JsonObject;
  reset?: JsonObject;
  steps?: JsonObject[];
  /** What the tools answered. */
  told: unknown[];
  failure?: CallFailure;
}

/** The row as an episode has it. */
export function taskOf(row: JsonObject): TaskRow {
  const params = row['responses_create_params'] ?? { input: [] };
  return {
    ...row,
    responses_create_params: params,
    _ng_task_index: 0,
    _ng_rollout_index: 0,
  } as unknown as TaskRow;
}

export const trialCall = (): Call => ({
  signal: new AbortController().signal,
  deadline: null,
  episodeId: 'trial',
  rolloutIndex: 0,
  attempts: [],
  onPhase: () => undefined,
});

async function turns(env: Environment, opened: unknown, task: TaskRow, one: TrialCase, outcome: Outcome) {
  outcome.reset = { ...(await env.reset!(opened, task, trialCall())) };
  outcome.steps = [];
  for (const said of one.steps ?? []) {
    const step = await env.step!(opened, task, responseOf(said), trialCall());
    outcome.steps.push({ ...step });
    if (step.terminated || step.truncated) return;
  }
}

async function episode(env: Environment, opened: unknown, task: TaskRow, one: TrialCase, outcome: Outcome) {
  for (const { tool, arguments: args } of one.session ?? []) {
    outcome.told.push(await env.callTool(opened, tool, args, trialCall()));
  }
  const response: ResponsesReply = responseOf(one, outcome.told);
  outcome.verdict = { ...(await env.verify(opened, task, response, trialCall())) } as JsonObject;
}

/** Plays a case in a session of its own, which is closed whatever happens. */
export async function playCase(env: Environment, one: TrialCase): Promise<Outcome> {
  const outcome: Outcome = { told: [] };
  const task = taskOf(one.row);
  try {
    const opened = await env.open(task, trialCall());
    try {
      await (env.step === undefined || one.steps === undefined
        ? episode(env, opened, task, one, outcome)
        : turns(env, opened, task, one, outcome));
    } finally {
      await env.close(opened);
    }
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    outcome.failure = error;
  }
  return outcome;
}

/** Numbers that are the same but for the last digits are the same. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Math.round(value * 1e9) / 1e9;
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item)]));
}

export const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(rounded(a), rounded(b));

const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** Keys of `wanted` that are otherwise; objects inside are compared by the keys that they are given. */
function otherwise(found: unknown, wanted: unknown, place: string): string[] {
  if (isPlain(found) && isPlain(wanted)) {
    return Object.entries(wanted).flatMap(([key, item]) =>
      otherwise(found[key], item, place === '' ? key : `${place}.${key}`),
    );
  }
  return isSame(found, wanted) ? [] : [`${place}: ${shown(found)}, expected ${shown(wanted)}`];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A tool's answer as it is meant: JSON where it is some. */
function meant(output: unknown): unknown {
  if (typeof output !== 'string') return output;
  try {
    return JSON.parse(output) as Json;
  } catch {
    return output;
  }
}

const mustFail = ({ fails, status = 200 }: TrialCase): boolean => fails === true || status !== 200;

/** In what an outcome is not what the case expects. */
export function differencesOf(one: TrialCase, outcome: Outcome): string[] {
  const { failure, verdict, steps = [], reset, told } = outcome;
  if (mustFail(one)) {
    return failure === undefined ? [`there is a verdict, expected none: ${shown(verdict ?? steps)}`] : [];
  }
  if (failure !== undefined) return [`no verdict: ${failure.message} (${failure.kind})`];
  const tools = (one.session ?? []).flatMap(({ tool, output }, index) =>
    output === undefined ? [] : otherwise(meant(told[index]), meant(output), `answer ${index + 1} (${tool})`),
  );
  const wantedSteps = one.steps ?? [];
  const missing = wantedSteps.length > steps.length && one.verdict === undefined && steps.length > 0;
  return [
    ...tools,
    ...(one.reset === undefined ? [] : otherwise(reset, one.reset.body, 'reset')),
    ...steps.flatMap((step, index) => otherwise(step, wantedSteps[index]?.body ?? {}, `step ${index + 1}`)),
    ...(missing
      ? [`the episode is over after step ${steps.length}, expected ${wantedSteps.length} steps`]
      : []),
    ...otherwise(verdict ?? {}, one.verdict ?? {}, ''),
  ];
}

/** The same case, with what came of it as what is expected. */
export function updated(one: TrialCase, outcome: Outcome): JsonObject {
  const given = Object.entries(one as unknown as JsonObject);
  const kept = Object.fromEntries(given.filter(([key]) => !['verdict', 'fails', 'status'].includes(key)));
  if (outcome.failure !== undefined) return { ...kept, fails: true };
  const { steps, verdict, told } = outcome;
  const session = one.session?.map((called, index) => ({ ...called, output: meant(told[index]) }));
  return {
    ...kept,
    ...(session !== undefined && { session: session as Json }),
    ...(steps !== undefined && {
      steps: (one.steps ?? [])
        .slice(0, steps.length)
        .map((said, index) => ({ ...said, body: steps[index]! })) as unknown as Json,
    }),
    ...(verdict !== undefined && { verdict }),
  };
}
