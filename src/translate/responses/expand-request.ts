import type { JsonObject, ResponsesRequest } from '../../protocol/index.js';
import { putKey } from '../put-key.js';

/** Every known field of the create-params in the reference's order, with what stands for absence. */
const FIELDS: readonly (readonly [name: string, absent: unknown])[] = [
  ['background', null],
  ['include', null],
  ['input', []],
  ['instructions', null],
  ['max_output_tokens', null],
  ['max_tool_calls', null],
  ['metadata', null],
  ['model', null],
  ['parallel_tool_calls', true],
  ['previous_response_id', null],
  ['prompt', null],
  ['reasoning', null],
  ['service_tier', null],
  ['store', null],
  ['temperature', null],
  ['text', null],
  ['tool_choice', 'auto'],
  ['tools', []],
  ['top_logprobs', null],
  ['top_p', null],
  ['truncation', null],
  ['user', null],
  ['stream', null],
];

const KNOWN = new Set(FIELDS.map(([name]) => name));

/** Messages get the `type` that they may leave out. */
function expandItem(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || 'type' in item || !('role' in item)) return item;
  const { role, content, ...rest } = item as Record<string, unknown>;
  return { content, role, type: 'message', ...rest };
}

/**
 * The create-params as a rollout row stores them: every known field in the reference's order (absent: null or
 * the default), then fields that we do not know. Message items get `type: "message"`. Nothing is changed in place.
 */
export function expandRequest(request: ResponsesRequest): JsonObject {
  const full: Record<string, unknown> = {};
  for (const [name, absent] of FIELDS) full[name] = request[name] ?? absent;
  if (Array.isArray(request.input)) full['input'] = request.input.map(expandItem);
  for (const key in request) if (!KNOWN.has(key)) putKey(full, key, request[key]);
  return full as JsonObject;
}
