import pLimit from 'p-limit';
import type { LimitFunction } from 'p-limit';
import { CallFailure, isObject } from '../../protocol/index.js';
import type {
  ContentPart,
  JsonObject,
  Model,
  ResponsesReply,
  ResponsesRequest,
} from '../../protocol/index.js';
import { strip } from '../../python/index.js';
import type { EnvironmentContext } from '../kit/definition.js';
import type { JudgeConfig } from './config.js';

/** A message to a judge. */
export interface JudgeMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly ContentPart[];
}

/** A request to a judge and its reply, as they went over the wire. */
export interface Asked {
  readonly request: JsonObject;
  readonly reply: ResponsesReply;
}

type Context = EnvironmentContext<JudgeConfig>;

/** The messages of a prompt, with a system message before it where there is one. */
export function messages(user: string, system?: string | null): JudgeMessage[] {
  const asked: JudgeMessage = { role: 'user', content: user };
  return system == null || system === '' ? [asked] : [{ role: 'system', content: system }, asked];
}

/**
 * Asks the judge of the configuration with a Responses request: settings (those of the block), and these messages. Throws
 * CallFailure `judge_failed` when there is no reply; what the reply says is the caller's to read.
 */
export async function askJudge(
  context: Context,
  input: readonly JudgeMessage[],
  settings: JsonObject = context.config.judge_responses_create_params ?? {},
): Promise<Asked> {
  const { config, call, services } = context;
  const request = { ...settings, input: input as unknown as JsonObject[] };
  const model = judgeModel(config, services);
  const reply = await guarded(context, async () => {
    if (model.exchange === undefined) {
      return (await model.respond(request as unknown as ResponsesRequest, call)) as unknown as JsonObject;
    }
    return wholeBody(await model.exchange('responses', request, call));
  });
  if (!Array.isArray(reply['output'])) throw failed('the reply has no "output"');
  return { request, reply: reply as unknown as ResponsesReply };
}

/**
 * The settings of the block in the words of Chat Completions, with the defaults of most servers of the reference. A
 * setting of 0 counts as none there, as in Python's `or`.
 */
export function chatSettings(
  { judge_responses_create_params: params = {} }: JudgeConfig,
  mostTokens = 64,
): JsonObject {
  const { max_output_tokens: most, temperature, top_p: topP } = params;
  return { max_tokens: most || mostTokens, temperature: temperature || 0, top_p: topP || 1 };
}

/** A Chat Completions request to a judge and its reply, as they went over the wire. */
export interface AskedByChat {
  readonly request: JsonObject;
  readonly reply: JsonObject;
  /** What the first choice says; "" where it says nothing. */
  readonly text: string;
}

/**
 * The same with a Chat Completions request, for providers that have nothing else, and `settings` in its words.
 */
export async function askChat(
  context: Context,
  input: readonly JudgeMessage[],
  settings: JsonObject,
): Promise<AskedByChat> {
  const { config, call, services } = context;
  const request: JsonObject = { ...settings, messages: input as unknown as JsonObject[] };
  const model = judgeModel(config, services);
  const body = await guarded(context, async () => {
    if (model.exchange === undefined) throw failed('it cannot be asked by Chat Completions');
    return wholeBody(await model.exchange('chat', request, call));
  });
  if (!Array.isArray(body['choices'])) throw failed('the reply has no "choices"');
  return { request, reply: body, text: chatText(body) ?? '' };
}

/** The text of the first choice; null where it has none. */
export function chatText(body: JsonObject): string | null {
  const [choice] = body['choices'] as readonly unknown[];
  const message = isObject(choice) ? choice['message'] : undefined;
  const content = isObject(message) ? message['content'] : undefined;
  return typeof content === 'string' ? content : null;
}

/** The text of the reply to {@link askChat} without white space around it, with the settings of the block. */
export async function askJudgeByChat(
  context: Context,
  input: readonly JudgeMessage[],
  settings: JsonObject = chatSettings(context.config),
): Promise<string> {
  return strip((await askChat(context, input, settings)).text);
}

/** A failure of the judge: no verdict, and so no reward. */
export function failed(reason: string, cause?: unknown): CallFailure {
  const retryable = cause instanceof CallFailure ? cause.retryable : true;
  return new CallFailure('judge_failed', `The judge gave no verdict: ${reason}`, { retryable, cause });
}

function judgeModel(config: JudgeConfig, services: Context['services']): Model {
  const model = services.model?.(config.judge_model_server.name);
  if (model === undefined) throw failed('no model can be asked here');
  return model;
}

const limits = new WeakMap<JudgeConfig, LimitFunction>();

/** Within the limit of the configuration; whatever goes wrong on the way is a failure of the judge. */
async function guarded(context: Context, ask: () => Promise<JsonObject>): Promise<JsonObject> {
  const { config, call } = context;
  const most = config.judge_endpoint_max_concurrency ?? Infinity;
  const limit = limits.get(config) ?? pLimit(most);
  limits.set(config, limit);
  try {
    return await limit(() => {
      call.signal.throwIfAborted();
      return ask();
    });
  } catch (error) {
    if (call.signal.aborted || (error instanceof CallFailure && error.kind === 'judge_failed')) throw error;
    throw failed((error as Error).message, error);
  }
}

/** How one half of a character is written in JSON, be the other there or not. */
const HALF = /\\u[dD][89a-fA-F]/;

/** Whether all its texts can be written as UTF-8. */
function isWhole(value: unknown): boolean {
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isWhole);
}

function wholeBody(answer: Awaited<ReturnType<NonNullable<Model['exchange']>>>): JsonObject {
  if (!('text' in answer)) throw failed('it answered with a stream');
  const body = JSON.parse(answer.text) as unknown;
  if (!isObject(body)) throw failed('the reply is no object');
  if (HALF.test(answer.text) && !isWhole(body)) throw failed('the reply has halves of characters');
  return body;
}
