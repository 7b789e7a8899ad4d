import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { NgError } from '../../src/errors/index.js';
import { ENVIRONMENTS, loadEnvironment } from '../../src/environments/index.js';
import type { GivenServices } from '../../src/environments/index.js';
import { CallFailure, isObject } from '../../src/protocol/index.js';
import type { Json, JsonObject, Model, ResponsesReply, TaskRow } from '../../src/protocol/index.js';
import { pythonEqual } from '../../src/python/index.js';
import { conformancePath } from '../support/conformance.js';
import { referenceRoots } from '../support/reference.js';
import { call, services } from './support.js';

/** Where the reference's prompts are. */
const REFERENCE = referenceRoots();

/** Benchmarks that are another server with settings of their own. */
export const PLAYED_BY: Readonly<Record<string, string>> = { secque: 'equivalence_llm_judge' };

/** The environments and benchmarks that cases are there for. */
export const WITH_CASES = [...Object.keys(ENVIRONMENTS), ...Object.keys(PLAYED_BY)].filter((name) =>
  existsSync(conformancePath('environments', name, 'cases.jsonl')),
);

/** One verdict of the reference's own verifier, version 0.7.0; the README of the conformance data tells the form. */
export interface Case {
  case: string;
  config: JsonObject;
  row: JsonObject;
  response?: ResponsesReply | null;
  /** Absent: `/seed_session` was not called. */
  seed_session?: { status: number; body: JsonObject };
  session?: { tool: string; arguments: unknown; status: number; output: string }[];
  judge?: { request: JudgeRequest; reply: { status: number; body: Json } }[];
  /** Turn-taking environments: what `/reset` and each `/step` said, and the ranks that blackjack dealt. */
  reset?: { status: number; body: JsonObject };
  steps?: { response: ResponsesReply | null; status: number; body: JsonObject }[];
  deck?: string[];
  status: number;
  verdict: JsonObject;
  echo: readonly string[];
}

interface JudgeRequest {
  server: string;
  path: string;
  body: JsonObject;
}

/** A deliberate difference: why it is there, and which cases it explains. The README says the same to users. */
export interface Difference {
  why: string;
  /** `problem` says in what ours differs. */
  is: (one: Case, problem: string) => boolean;
}

/** The differences of an environment: the default export of `differences/<name>.ts`; none without that file. */
export async function differencesOf(name: string): Promise<readonly Difference[]> {
  const file = path.join(import.meta.dirname, 'differences', `${name}.ts`);
  if (!existsSync(file)) return [];
  return ((await import(pathToFileURL(file).href)) as { default: readonly Difference[] }).default;
}

/** What every verdict of 0.7.0 has besides its own keys; ours has it where it says something. */
const DEFAULTS = ['mask_sample', 'failure_kind', 'failure_reason'];

const isPassing = (status: number): boolean => status === 429 || status >= 500;

/** The judges of a case: each answers as recorded, in order, and what it is asked is kept. */
class Judges {
  readonly asked: JudgeRequest[] = [];
  private next = 0;

  constructor(private readonly script: NonNullable<Case['judge']>) {}

  /** Whether the next request of the script is the one before it. */
  private isRepeated(): boolean {
    const [last, next] = [this.script[this.next - 1], this.script[this.next]];
    return next !== undefined && JSON.stringify(last?.request) === JSON.stringify(next.request);
  }

  model(server: string): Model {
    const answer = (route: string, body: JsonObject): JsonObject => {
      this.asked.push({ server, path: route, body });
      let reply = this.script[this.next++]?.reply;
      // The transport asks again, as some servers of the reference do themselves.
      while (reply !== undefined && isPassing(reply.status) && this.isRepeated()) {
        this.asked.push({ server, path: route, body });
        reply = this.script[this.next++]?.reply;
      }
      if (reply === undefined) throw new Error(`the judge was asked once more: ${JSON.stringify(body)}`);
      if (reply.status !== 200) {
        throw new CallFailure('server_error', `status ${reply.status}`, { status: reply.status });
      }
      return reply.body as JsonObject;
    };
    return {
      name: server,
      modelId: 'judge',
      respond: async (request) =>
        Promise.resolve(
          answer('/v1/responses', request as unknown as JsonObject) as unknown as ResponsesReply,
        ),
      exchange: async (dialect, body) => {
        const route = dialect === 'chat' ? '/v1/chat/completions' : '/v1/responses';
        return Promise.resolve({ text: JSON.stringify(answer(route, body)) });
      },
      close: async () => Promise.resolve(),
    };
  }
}

export interface Played {
  /** The verdict, or the kind of the failure. */
  found: JsonObject | string;
  /** Why there is no verdict. */
  why?: string;
  /** What the judges were asked, in order. */
  asked: JudgeRequest[];
  /** What the tools of the session answered, in order. */
  told: unknown[];
  /** Of the session, from its opening to its end. Unit: microseconds of CPU. */
  cpu?: number;
}

/** Plays a case against our environment of that name. */
export async function playCase(name: string, one: Case): Promise<Played> {
  const judges = new Judges(one.judge ?? []);
  const { asked } = judges;
  const told: unknown[] = [];
  const given: GivenServices = {
    ...services,
    model: (server) => judges.model(server),
    roots: [...services.roots!, ...REFERENCE],
  };
  const definition = await loadEnvironment(name);
  const task = { ...one.row, _ng_task_index: 0, _ng_rollout_index: 0 } as unknown as TaskRow;
  try {
    const env = definition!.create(name, one.config, given);
    const before = process.cpuUsage();
    const opened = await env.open(task, call());
    try {
      for (const { tool, arguments: args } of one.session ?? [])
        told.push(await env.callTool(opened, tool, args, call()));
      const verdict = await env.verify(opened, task, one.response!, call());
      const { user, system } = process.cpuUsage(before);
      return { found: { ...verdict } as JsonObject, asked, told, cpu: user + system };
    } finally {
      await env.close(opened);
    }
  } catch (error) {
    if (error instanceof CallFailure) return { found: error.kind, why: error.message, asked, told };
    // A block that is refused as a whole: nothing of it is played.
    if (error instanceof NgError) return { found: error.code, asked, told };
    throw error;
  }
}

/** A request without its nulls, which say that nothing is set; we leave them out. */
export function whatIsSet(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/** What the reference gives in place of a verdict: the failure of a judge is one here too. */
export function failureOf({ verdict }: Case): string | undefined {
  return verdict['_ng_failure_class'] as string | undefined;
}

/** The ranks of a pack in the order in which blackjack draws from it. */
const RANKS = ['2', '3', '4', '5', '6', '7', '8', '9', '10', 'J', 'Q', 'K', 'A'];

/** A source of randomness that deals these ranks. */
export function dealing(deck: readonly string[]): () => number {
  let next = 0;
  return () => (RANKS.indexOf(deck[next++] ?? '2') + 0.5) / RANKS.length;
}

/**
 * Plays a case of a turn-taking environment: what ours says at the reset and at each step, until the step at which the
 * reference broke; one word, the kind of the failure, where ours could not go on.
 */
export async function playGame(name: string, one: Case): Promise<(JsonObject | string)[]> {
  const given: GivenServices = { ...services, random: dealing(one.deck ?? []) };
  const env = (await loadEnvironment(name))!.create(name, one.config, given);
  const task = { ...one.row, _ng_task_index: 0, _ng_rollout_index: 0 } as unknown as TaskRow;
  const told: (JsonObject | string)[] = [];
  try {
    const opened = await env.open(task, call());
    told.push({ ...(await env.reset!(opened, task, call())) });
    for (const { response } of answeredSteps(one)) {
      told.push({ ...(await env.step!(opened, task, response!, call())) });
    }
    await env.close(opened);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    told.push(error.kind);
  }
  return told;
}

/** The steps of the game: until one that the reference did not answer, and none after its end. */
export function answeredSteps({ steps = [] }: Case): NonNullable<Case['steps']> {
  const broken = steps.findIndex(({ status }) => status !== 200);
  const over = steps.findIndex(({ body }) => body['terminated'] === true) + 1;
  const ends = [broken, over, steps.length].filter((at) => at > 0);
  return broken === 0 ? [] : steps.slice(0, Math.min(...ends));
}

/** The verdict of the reference with the keys that ours has too. */
export function expectedOf(found: JsonObject, { row, verdict }: Case): JsonObject {
  // The recording leaves out keys of the verdict that are equal to one of the request.
  const fields = Object.entries({ ...found, ...verdict }).filter(
    ([key, value]) => !DEFAULTS.includes(key) || key in found || Boolean(value),
  );
  return Object.fromEntries<Json>(
    fields.map(([key, value]) => {
      if (key in verdict) return [key, value];
      return [key, pythonEqual(value, row[key]) ? value : (row[key] ?? '(the reference has none)')];
    }),
  );
}

/**
 * Bodies that never reach a verifier here, whatever the reference answers: a row without a request (the routes and the
 * reader of datasets refuse it), a reply that is none. That is also so for content that is a text instead of parts,
 * over which the reference breaks: our readers leave parts only.
 */
export function isNoReply({ row, response, status }: Case): boolean {
  if (!isObject(row['responses_create_params'])) return true;
  if (response === undefined) return false;
  if (response === null || !Array.isArray(response.output)) return true;
  if (response.output.some(({ type }) => type === ('nonsense' as typeof type))) return true;
  // Our readers of replies give every item a type.
  if (status !== 200 && response.output.some(({ type }) => type === undefined)) return true;
  return (
    status === 500 &&
    response.output.some((item) => item.type === 'message' && typeof item.content === 'string')
  );
}

/** How the reference broke, in Python's words; empty where it did not. */
export const crash = ({ status, verdict }: Case): string =>
  status === 500 ? (verdict as unknown as string) : '';

/** A row key of the same name as one of the verdict's: the reference breaks, ours is the verdict's. */
export const takenKey: Difference = {
  why: 'a row key with the name of one that the verifier sets breaks the reference; here the row is graded',
  is: (one) => crash(one).includes('got multiple values for keyword argument'),
};
