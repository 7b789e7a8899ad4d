import { z } from 'zod';
import pLimit from 'p-limit';
import type {
  Call,
  FunctionCallItem,
  Item,
  Model,
  ResponsesReply,
  ResponsesRequest,
} from '../../protocol/index.js';
import { CallFailure, isFunctionCall, readErrorBody, USAGE_AS_KNOWN } from '../../protocol/index.js';
import type { Json } from '../../protocol/index.js';
import { CookieJar, createPeer } from '../../transport/index.js';
import type { Peer } from '../../transport/index.js';
import { replyFromResponses } from '../../translate/index.js';
import { commonConfig, defineAgentType, OPERATIONAL_KEYS } from '../agent-type.js';
import type { AgentType } from '../agent-type.js';
import { play } from '../play.js';
import { DEFAULT_MAX_UNKNOWN_TOOL_TURNS } from '../simple-agent.js';
import { playTurns } from '../turns.js';
import { verdictOf } from '../verdict.js';

const DEFAULT_CONCURRENCY = 32;
const DEFAULT_CALL_SECONDS = 1_800;
const DEFAULT_RUN_SECONDS = 2_100;

/** An address without query, fragment and credentials, none of which is echoed in the error. */
const address = z.string({ error: 'must be an http or https address' }).refine(isPlainAddress, {
  error: 'must be an http or https address without query, fragment or credentials',
});

const schema = commonConfig.extend({
  agent_base_url: address,
  /** Episodes at a time; those that wait do not count against the limits below. */
  concurrency: z.number().int().min(1).nullish(),
  remote_responses_timeout_secs: z.number().positive().nullish(),
  run_timeout_secs: z.number().positive().nullish(),
  max_steps: z.number().int().min(0).nullish(),
  max_turns: z.number().int().min(0).nullish(),
});

const operational = [
  ...OPERATIONAL_KEYS,
  'agent_base_url',
  'concurrency',
  'remote_responses_timeout_secs',
  'run_timeout_secs',
];

const loop = defineAgentType('remote_agent', { schema, operational }, (name, settings, services) => {
  const { clock } = services;
  const peer = createPeer({ ...services, name, baseUrl: settings.agent_base_url, headers: USAGE_AS_KNOWN });
  const limit = pLimit(settings.concurrency ?? DEFAULT_CONCURRENCY);
  const timeoutMs = 1000 * (settings.remote_responses_timeout_secs ?? DEFAULT_CALL_SECONDS);
  const maxSteps = settings.max_steps ?? 0;
  const limits = {
    maxSteps,
    maxTurns: settings.max_turns ?? (maxSteps > 0 ? 0 : 100),
    maxStalledTurns: 3,
    maxUnknownToolTurns: DEFAULT_MAX_UNKNOWN_TOOL_TURNS,
    calls: unpairedCalls,
  };
  const frame = { clock, episodeSeconds: settings.run_timeout_secs ?? DEFAULT_RUN_SECONDS };
  return {
    name,
    run: (row, episode) =>
      limit(() => {
        const model = serviceModel(name, peer, timeoutMs);
        return play(row, { ...episode, model }, frame, async (playing) =>
          verdictOf(playing, await playTurns(playing, limits), settings),
        );
      }),
    ...(peer.reach !== undefined && { reach: peer.reach }),
    dispose: () => peer.close(),
  };
});

/**
 * An agent service that speaks Responses and may run tools of its own: its unanswered calls are run here, with the
 * environment of the configuration, and verified here.
 */
export const serviceAgent: AgentType = { ...loop, bringsModel: true };

/** Calls whose result is not in the same reply already; of calls with one id the last counts. */
export function unpairedCalls(output: readonly Item[]): FunctionCallItem[] {
  const answered = new Set(
    output.filter((item) => item.type === 'function_call_output').map((item) => item['call_id']),
  );
  const last = new Map(output.filter(isFunctionCall).map((call) => [call.call_id, call]));
  return [...last.values()].filter(({ call_id }) => !answered.has(call_id));
}

/** The service as the model of one episode: its cookies are the episode's, and it is never asked twice. */
function serviceModel(name: string, peer: Peer, timeoutMs: number): Model {
  const jar = new CookieJar();
  const url = `${peer.baseUrl}/v1/responses`;
  return {
    name,
    modelId: '',
    async respond(request: ResponsesRequest, call: Call): Promise<ResponsesReply> {
      const { status, headers, text } = await peer.request(
        { path: '/v1/responses', body: JSON.stringify(request), jar, timeoutMs, replaySafe: false },
        call,
      );
      if (status >= 300) {
        const to = status < 400 ? `moved to ${String(headers['location'])}; change agent_base_url` : '';
        const words = to === '' ? readErrorBody(status, headers, text).message : to;
        const details = { status, retryable: status >= 500 };
        throw new CallFailure('agent_failed', `${url}: HTTP ${status}: ${words}`, details);
      }
      return replyFromResponses(parse(text, url));
    },
    close: () => Promise.resolve(),
  };
}

function parse(text: string, url: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new CallFailure('garbage_reply', `${url}: the reply is not JSON`, { retryable: true });
  }
}

function isPlainAddress(text: string): boolean {
  try {
    const { protocol, search, hash, username, password } = new URL(text);
    return /^https?:$/.test(protocol) && search + hash + username + password === '';
  } catch {
    return false;
  }
}
