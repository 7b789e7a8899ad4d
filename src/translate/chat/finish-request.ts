import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { Capability } from '../capabilities/index.js';
import { GENERIC } from '../capabilities/index.js';
import { untranslatable } from '../failures.js';
import type { TranslateOptions } from '../options.js';
import { putKey } from '../put-key.js';
import { askForTokens } from '../tokens.js';

type Body = Record<string, unknown>;

/** Leaves out and renames what the provider's record says. */
function fit(body: Body, { drop, rename }: Capability, options: TranslateOptions): Body {
  if (drop.length === 0 && Object.keys(rename).length === 0) return body;
  const fitted: Body = {};
  for (const key in body) {
    if (!drop.includes(key)) putKey(fitted, Object.hasOwn(rename, key) ? rename[key]! : key, body[key]);
    else if (body[key] !== null) options.onLoss?.({ part: key, reason: 'the provider refuses it' });
  }
  return fitted;
}

/** A JSON object written as text inside `metadata`. */
function metadataObject(metadata: JsonObject, key: string): JsonObject | undefined {
  const text = metadata[key];
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = typeof text === 'string' ? JSON.parse(text) : text;
  } catch {
    value = undefined;
  }
  if (!isObject(value)) throw untranslatable(`metadata.${key}`, 'must be a JSON object written as text');
  return value;
}

/** Takes what the vLLM family reads from `metadata`; the keys that were read are not sent on. */
function takeMetadata(body: Body): { extraBody?: JsonObject; templateKwargs?: JsonObject; rest: Body } {
  const { metadata, ...rest } = body;
  if (!isObject(metadata)) return { rest: body };
  const extraBody = metadataObject(metadata, 'extra_body');
  const templateKwargs = metadataObject(metadata, 'chat_template_kwargs');
  const kept = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => key !== 'extra_body' && key !== 'chat_template_kwargs'),
  );
  return {
    rest: Object.keys(kept).length > 0 ? { ...rest, metadata: kept } : rest,
    ...(extraBody === undefined ? {} : { extraBody }),
    ...(templateKwargs === undefined ? {} : { templateKwargs }),
  };
}

/**
 * The last steps of every Chat request, in this order: the provider's record, template arguments, `extraBody`
 * (of the request's metadata over the configured one, both under the body), token capture, sampling overrides,
 * and the configured model over everything.
 */
export function finishChatRequest(body: Body, options: TranslateOptions): JsonObject {
  const taken = options.metadataExtraBody === true ? takeMetadata(body) : { rest: body };
  const fitted = fit(taken.rest, options.capability ?? GENERIC, options);
  const kwargs =
    options.chatTemplateKwargs === undefined && taken.templateKwargs === undefined
      ? undefined
      : { ...options.chatTemplateKwargs, ...taken.templateKwargs };
  if (kwargs !== undefined && Object.keys(kwargs).length > 0) fitted['chat_template_kwargs'] = kwargs;
  const merged: Body =
    options.extraBody === undefined && taken.extraBody === undefined
      ? fitted
      : { ...options.extraBody, ...taken.extraBody, ...fitted };
  if (options.tokenIds === true) {
    askForTokens(merged, options.requestTokenIds === true);
    if (merged['n'] !== undefined && merged['n'] !== null && merged['n'] !== 1) {
      throw untranslatable('n', 'must be 1 when token ids are asked for');
    }
  }
  if (options.samplingOverrides !== undefined) Object.assign(merged, options.samplingOverrides);
  if (options.model !== undefined) merged['model'] = options.model;
  return merged as JsonObject;
}
