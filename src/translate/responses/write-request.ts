import type { JsonObject, ResponsesRequest } from '../../protocol/index.js';
import { untranslatable } from '../failures.js';
import type { TranslateOptions } from '../options.js';

/** OpenAI refuses `status` on reasoning items that are sent back. */
function cleanItem(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const { type } = item as { type?: unknown };
  if (type !== 'reasoning' || !('status' in item)) return item;
  return Object.fromEntries(Object.entries(item).filter(([key]) => key !== 'status'));
}

export interface ResponsesUpstreamOptions extends Pick<TranslateOptions, 'model' | 'extraBody'> {
  /** Leave reasoning items of earlier turns out (some hosted models refuse them). Default false. */
  dropReasoning?: boolean;
}

/**
 * A Responses request for a Responses upstream: the fields that the caller set, the configured model, and
 * `extraBody` underneath. Unknown fields pass; nothing is cloned that does not change.
 */
export function requestToResponses(request: ResponsesRequest, options: ResponsesUpstreamOptions): JsonObject {
  const { input } = request;
  if (typeof input !== 'string' && !Array.isArray(input)) {
    throw untranslatable('input', 'must be a string or a list of items');
  }
  const body: Record<string, unknown> = { ...options.extraBody, ...request };
  if (Array.isArray(input)) {
    const kept = options.dropReasoning === true ? input.filter((item) => item.type !== 'reasoning') : input;
    body['input'] = kept.map(cleanItem);
  }
  if (options.model !== undefined) body['model'] = options.model;
  return body as JsonObject;
}
