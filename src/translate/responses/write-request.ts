import type { JsonObject, ResponsesRequest } from '../../protocol/index.js';
import type { Capability } from '../capabilities/index.js';
import { GENERIC } from '../capabilities/index.js';
import { untranslatable } from '../failures.js';
import type { TranslateOptions } from '../options.js';
import { shortCallId, stableId } from '../stable-id.js';

export interface ResponsesUpstreamOptions extends Pick<
  TranslateOptions,
  'model' | 'extraBody' | 'samplingOverrides' | 'capability' | 'onLoss'
> {
  /** Leave reasoning items of earlier turns out (some hosted models refuse them). Default false. */
  dropReasoning?: boolean;
}

type Item = Record<string, unknown>;

const ID_PREFIX: Readonly<Record<string, string>> = {
  function_call: 'fc_',
  custom_tool_call: 'ctc_',
  message: 'msg_',
  reasoning: 'rs_',
};

/** An id that OpenAI accepts for an item of this type: the right prefix and at most 64 characters. */
function acceptableId(type: string, id: string): string {
  const prefix = ID_PREFIX[type];
  if (prefix === undefined || (id.startsWith(prefix) && id.length <= 64)) return id;
  return stableId(prefix, id);
}

function needsWork(item: Item, capability: Capability): boolean {
  if (capability.strictItemIds || capability.maxCallId > 0) return true;
  if (item['type'] === 'reasoning') return 'status' in item;
  const { type } = item;
  return item['id'] === null || item['status'] === null || (type === 'function_call' && !('status' in item));
}

/**
 * An item as a Responses upstream takes it back: no null id or status (stored rollouts have them), a status on
 * every function call, none on reasoning (OpenAI refuses it), and ids that pass the upstream's checks.
 */
function cleanItem(item: Item, capability: Capability): Item {
  if (!needsWork(item, capability)) return item;
  const cleaned: Item = { ...item };
  const type = typeof item['type'] === 'string' ? item['type'] : 'message';
  if (cleaned['id'] === null) delete cleaned['id'];
  if (cleaned['status'] === null || type === 'reasoning') delete cleaned['status'];
  if (type === 'function_call') cleaned['status'] ??= 'completed';
  if (capability.strictItemIds && typeof cleaned['id'] === 'string') {
    cleaned['id'] = acceptableId(type, cleaned['id']);
  }
  if (typeof cleaned['call_id'] === 'string') {
    cleaned['call_id'] = shortCallId(cleaned['call_id'], capability.maxCallId);
  }
  return cleaned;
}

function cleanInput(input: readonly unknown[], options: ResponsesUpstreamOptions): unknown[] {
  const capability = options.capability ?? GENERIC;
  const cleaned: unknown[] = [];
  for (const item of input) {
    if (typeof item !== 'object' || item === null) cleaned.push(item);
    else if (options.dropReasoning !== true || (item as Item)['type'] !== 'reasoning') {
      cleaned.push(cleanItem(item as Item, capability));
    }
  }
  return cleaned;
}

/** Providers refuse a limit below theirs, which probes send; 0 and non-integers are left for them to refuse. */
function raiseLimit(body: Record<string, unknown>, options: ResponsesUpstreamOptions): void {
  const least = (options.capability ?? GENERIC).minOutputTokens;
  const limit = body['max_output_tokens'];
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit >= least) return;
  body['max_output_tokens'] = least;
  options.onLoss?.({
    part: 'max_output_tokens',
    reason: `raised from ${limit} to the least allowed, ${least}`,
  });
}

/**
 * A Responses request for a Responses upstream: what the caller set with the configured model, `extraBody`
 * underneath. Unknown fields and items pass; nothing is cloned that does not change.
 */
export function requestToResponses(request: ResponsesRequest, options: ResponsesUpstreamOptions): JsonObject {
  const { input } = request;
  if (typeof input !== 'string' && !Array.isArray(input)) {
    throw untranslatable('input', 'must be a string or a list of items');
  }
  const body: Record<string, unknown> = { ...options.extraBody, ...request };
  if (Array.isArray(input)) body['input'] = cleanInput(input, options);
  for (const key of options.capability?.drop ?? []) {
    if (!(key in body)) continue;
    if (body[key] !== null) options.onLoss?.({ part: key, reason: 'the provider refuses it' });
    body[key] = undefined;
  }
  raiseLimit(body, options);
  if (options.samplingOverrides !== undefined) Object.assign(body, options.samplingOverrides);
  if (options.model !== undefined) body['model'] = options.model;
  return body as JsonObject;
}
