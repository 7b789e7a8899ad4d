import {
  CallFailure,
  failureKindOf,
  isMasked,
  isObject,
  maskReason,
  readErrorBody,
  STOP_REASONS,
  verdictFailure,
} from '../../protocol/index.js';
import type {
  Agent,
  Call,
  FailureKind,
  Json,
  JsonObject,
  Outcome,
  Reach,
  ResponsesReply,
  StopReason,
  TaskRow,
} from '../../protocol/index.js';
import type { Peer, RawReply } from '../../transport/index.js';
import { askMetrics } from '../../transport/index.js';
import { endingOf } from '../ending.js';

export interface RemoteAgentSettings {
  name: string;
  peer: Peer;
  /** Most time for one episode. Unit: milliseconds. */
  episodeMs: number;
}

/** Keys of a reply that tell how it went; none of them belongs in a rollout row. */
const OURS = new Set([
  '_ng_task_index',
  '_ng_rollout_index',
  '_ng_run',
  'agent_ref',
  '_ng_failure_class',
  '_ng_failure_terminal',
  '_ng_no_persist',
]);

/**
 * An agent that runs elsewhere, of ours or of the reference's: the row goes to its `/run`, which plays the whole
 * episode with the model and the environment of its own configuration. An episode is never sent twice.
 */
export class RemoteAgent implements Agent {
  readonly name: string;

  readonly reach?: Reach;

  constructor(private readonly settings: RemoteAgentSettings) {
    this.name = settings.name;
    if (settings.peer.reach !== undefined) this.reach = settings.peer.reach;
  }

  async run(row: TaskRow, { call }: { call: Call }): Promise<Outcome> {
    const { peer, episodeMs } = this.settings;
    call.onPhase('awaiting_first_byte', `${peer.baseUrl}/run`);
    try {
      const reply = await peer.request(
        { path: '/run', body: JSON.stringify(row), timeoutMs: episodeMs, replaySafe: false },
        call,
      );
      return outcomeOf(reply, `${peer.baseUrl}/run`);
    } catch (error) {
      if (call.signal.aborted) return { status: 'cancelled', reason: reasonOf(call.signal.reason) };
      if (!(error instanceof CallFailure)) throw error;
      const kind = error.kind === 'timeout_call' ? 'episode_timeout' : error.kind;
      return { status: 'failed', kind, message: error.message, retryable: error.retryable };
    }
  }

  measure(body: string, call: Call): Promise<string | null> {
    return askMetrics(this.settings.peer, body, call);
  }

  dispose(): Promise<void> {
    return this.settings.peer.close();
  }
}

/** What a reply of `/run` says; exported for the tests of its forms. */
export function outcomeOf(reply: RawReply, url: string): Outcome {
  const body = parse(reply.text);
  if (reply.status < 200 || reply.status >= 300) return refused(reply, body, url);
  if (body === undefined) return failed('garbage_reply', `${url}: the reply is not a JSON object`, true);
  if (body['_ng_no_persist'] === true) {
    return { status: 'cancelled', reason: `${url}: the agent was stopped before the episode was over` };
  }
  const result = Object.fromEntries(Object.entries(body).filter(([key]) => !OURS.has(key)));
  const failure = verdictFailure(body, 'agent_failed', url);
  if (failure !== undefined)
    return { ...failed(failure.kind, failure.message, failure.retryable), ...left(body) };
  const { reward } = body;
  if (typeof reward !== 'number' || !Number.isFinite(reward)) {
    const given = JSON.stringify(reward) ?? 'missing';
    return { ...failed('verify_failed', `${url}: reward is ${given}, not a number`, false), partial: result };
  }
  if (isMasked(body)) return { status: 'masked', reason: maskReason(body), result, ...ending(body) };
  return { status: 'scored', reward, result, ...ending(body) };
}

/** What there is of an episode whose reply tells of a failure. */
function left({ responses_create_params: request, response }: JsonObject): { partial: JsonObject } {
  return {
    partial: {
      ...(request !== undefined && { responses_create_params: request }),
      ...(response !== undefined && { response }),
    },
  };
}

function refused(reply: RawReply, body: JsonObject | undefined, url: string): Outcome {
  const told = isObject(body?.['ng_failure']) ? body['ng_failure'] : {};
  const { message } = readErrorBody(reply.status, reply.headers, reply.text);
  const retryable = typeof told['retryable'] === 'boolean' ? told['retryable'] : reply.status >= 500;
  const fallback = reply.status === 422 ? 'row_invalid' : 'agent_failed';
  return failed(failureKindOf(told['kind'], fallback), `${url}: HTTP ${reply.status}: ${message}`, retryable);
}

function failed(
  kind: FailureKind,
  message: string,
  retryable: boolean,
): Extract<Outcome, { status: 'failed' }> {
  return { status: 'failed', kind, message, retryable };
}

/** Our own agents say how the episode ended; of others the reply's shape tells. */
function ending(body: JsonObject): { stopReason: StopReason; turns: number } {
  const run = isObject(body['_ng_run']) ? body['_ng_run'] : {};
  const response = isObject(body['response']) ? body['response'] : {};
  const output = Array.isArray(response['output']) ? response['output'] : [];
  const stopReason = STOP_REASONS.find((reason) => reason === run['stop_reason']) ?? guess(body, response);
  return { stopReason, turns: typeof run['turns'] === 'number' ? run['turns'] : turnsIn(output) };
}

function guess(body: JsonObject, response: JsonObject): StopReason {
  if (body['terminated'] === true) return 'terminated';
  if (body['truncated'] === true) return 'truncated';
  const output = Array.isArray(response['output']) ? response['output'].filter(isObject) : [];
  const last = output.slice(output.findLastIndex(isOthers) + 1);
  // The counts are of all turns: only of a single one do they say that nothing was generated.
  const usage = last.length === output.length ? response['usage'] : null;
  return endingOf({ ...response, output: last, usage } as unknown as ResponsesReply, 'answered');
}

/** What stands between two replies of the model: a tool's result, or a message of somebody else. */
function isOthers(item: JsonObject): boolean {
  return item['type'] === 'function_call_output' || item['role'] === 'user';
}

/** Model turns in a trajectory: each run of tool results or messages of others is followed by another one. */
function turnsIn(output: readonly Json[]): number {
  let turns = 0;
  let modelsTurn = false;
  for (const item of output) {
    if (!isObject(item)) continue;
    const others = isOthers(item);
    if (!others && !modelsTurn) turns += 1;
    modelsTurn = !others;
  }
  return turns;
}

function parse(text: string): JsonObject | undefined {
  try {
    const body = JSON.parse(text) as Json;
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : 'cancelled';
}
