import {
  CallFailure,
  isObject,
  SESSION_HEADERS,
  TOOL_HEADERS,
  type Environment,
  type JsonObject,
  type ResponsesReply,
  type ToolResult,
} from '../../protocol/index.js';
import {
  json,
  notFound,
  readJson,
  readObject,
  unprocessable,
  type Exchange,
  type Reply,
  type Route,
} from '../http/index.js';
import { runTool } from '../run-tool.js';
import { asRow, episodeIdOf, serverCall } from '../server-call.js';
import type { EnvironmentSessions, Found } from './sessions.js';

export interface EpisodeParts {
  readonly environment: Environment;
  readonly sessions: EnvironmentSessions;
  readonly maxBodyBytes: number;
}

/** What an environment says that begins a session of turns. */
export const OFFERS = { [SESSION_HEADERS.close]: '1', [SESSION_HEADERS.stepIds]: '1' };

/** The body as a row; what every route that starts an episode needs. */
export async function readRow(exchange: Exchange, parts: EpisodeParts): Promise<JsonObject> {
  const body = await readObject(exchange.request, parts.maxBodyBytes);
  if (!isObject(body['responses_create_params'])) {
    throw unprocessable(['responses_create_params'], 'Field required', 'missing');
  }
  return body;
}

/** What every verdict of the reference says of itself, where the verifier says nothing else. */
const MEASURED: JsonObject = { mask_sample: false, failure_kind: null, failure_reason: null };

/** What of a row the verdict repeats. */
function repeated(body: JsonObject, { repeats = [] }: Environment): JsonObject {
  if (repeats === 'all') return body;
  return Object.fromEntries(repeats.flatMap((key) => (key in body ? [[key, body[key]!]] : [])));
}

/** The body's `response`; 422 when it is not a reply. */
export function readResponse(body: JsonObject): ResponsesReply {
  const { response } = body;
  if (!isObject(response)) throw unprocessable(['response'], 'Field required', 'missing');
  if (!Array.isArray(response['output']))
    throw unprocessable(['response', 'output'], 'Field required', 'missing');
  return response as unknown as ResponsesReply;
}

export function seedRoute(parts: EpisodeParts): Route {
  return {
    method: 'POST',
    path: '/seed_session',
    summary: 'Starts an episode for a dataset row; the session is in the cookie that comes back',
    accepts: ROW,
    returns: { type: 'object' },
    async handle(exchange) {
      const row = asRow(await readRow(exchange, parts));
      const call = serverCall(exchange, episodeIdOf(row, 'served'), row._ng_rollout_index);
      await parts.sessions.open(exchange, row, call);
      return { ...json({}), headers: { [SESSION_HEADERS.close]: '1' } };
    },
  };
}

export function verifyRoute(parts: EpisodeParts): Route {
  return {
    method: 'POST',
    path: '/verify',
    summary: 'Scores a finished episode and ends its session; without a session the row is enough',
    accepts: { ...ROW, required: ['responses_create_params', 'response'] },
    returns: VERDICT,
    async handle(exchange) {
      const body = await readRow(exchange, parts);
      const response = readResponse(body);
      const row = asRow(withoutResponse(body));
      const call = serverCall(exchange, episodeIdOf(row, 'served'), row._ng_rollout_index);
      const found = parts.sessions.find(exchange);
      const opened = found === null ? await parts.environment.open(row, call) : found.session.opened;
      const verify = async (): Promise<Reply> => {
        const verdict = await parts.environment.verify(opened, row, response, call);
        const { responses_create_params } = row;
        const said = { ...repeated(body, parts.environment), responses_create_params, response };
        return json({ ...said, ...MEASURED, ...verdict });
      };
      try {
        const reply = await inSession(parts, found, verify);
        // Kept after a failure: the caller may ask again.
        if (found?.id != null) await parts.sessions.store.finish(found.id);
        return reply;
      } catch (error) {
        if (error instanceof CallFailure && error.kind === 'judge_failed') return judgeFailed(body, error);
        throw error;
      } finally {
        if (found === null) await parts.environment.close(opened);
      }
    },
  };
}

/** A tool call: the arguments are the body, the result is the answer, whatever became of the call; the status tells. */
export function toolRoute(parts: EpisodeParts): Route {
  const known = new Set(parts.environment.tools);
  return {
    method: 'POST',
    path: '/{tool}',
    summary: 'Runs a tool of the environment in the session of the cookie',
    returns: {},
    async handle(exchange) {
      if (!known.has(exchange.segment) && parts.environment.takesAnyTool !== true) throw notFound();
      const args = await readJson(exchange.request, parts.maxBodyBytes);
      const found = parts.sessions.find(exchange) ?? (await openForTool(exchange, parts));
      const { episodeId, rolloutIndex, opened } = found.session;
      const call = serverCall(exchange, episodeId, rolloutIndex);
      const result = await inSession(parts, found, () =>
        runTool(parts.environment, opened, exchange.segment, args, call),
      );
      return toolReply(result);
    },
  };
}

function toolReply({ output, failed, status = 200 }: ToolResult): Reply {
  const parts = typeof output !== 'string';
  const text = parts ? JSON.stringify(output) : output;
  return {
    status,
    body: text,
    type: parts || isJson(text) ? 'application/json' : 'text/plain; charset=utf-8',
    headers: {
      ...(parts && { [TOOL_HEADERS.parts]: '1' }),
      ...(failed && { [TOOL_HEADERS.failed]: '1' }),
    },
  };
}

export function closeRoute(parts: EpisodeParts): Route {
  return {
    method: 'POST',
    path: '/close',
    summary: 'Ends the session of the cookie; doing it twice is fine',
    returns: { type: 'object' },
    async handle(exchange) {
      exchange.request.resume();
      const id = parts.sessions.idOf(exchange);
      if (id !== null) await parts.sessions.store.finish(id);
      return json({});
    },
  };
}

export function inSession<Result>(
  { sessions }: EpisodeParts,
  found: Found | null,
  work: () => Promise<Result>,
): Promise<Result> {
  return found?.id == null ? work() : sessions.store.use(found.id, work);
}

export function withoutResponse(body: JsonObject): JsonObject {
  const row = { ...body };
  delete row['response'];
  return row;
}

/** As the reference does: environments whose state needs no row work without a seed. */
async function openForTool(exchange: Exchange, { sessions, environment }: EpisodeParts): Promise<Found> {
  const call = serverCall(exchange, 'served');
  const opened = await environment.openUnseeded?.(call);
  if (opened !== undefined) return sessions.keep(exchange, opened, call);
  return sessions.open(exchange, asRow({ responses_create_params: { input: [] } }), call);
}

/**
 * The reference's answer when a judge model could not be asked: 200 with `_ng_failure_class`, which collectors
 * store as a failure. The reward of 0 is part of that form and not a score.
 */
function judgeFailed(body: JsonObject, failure: CallFailure): Reply {
  return json({
    ...body,
    reward: 0,
    mask_sample: true,
    failure_kind: failure.kind,
    failure_reason: failure.message,
    _ng_failure_class: failure.kind,
    _ng_failure_judge_error: failure.message,
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const ROW: JsonObject = {
  type: 'object',
  description: 'A dataset row; keys that the environment does not know are kept',
  required: ['responses_create_params'],
  properties: { responses_create_params: { type: 'object' }, response: { type: 'object' } },
};

const VERDICT: JsonObject = {
  type: 'object',
  required: ['responses_create_params', 'response', 'reward'],
  properties: {
    responses_create_params: { type: 'object' },
    response: { type: 'object' },
    reward: { type: 'number' },
  },
};
