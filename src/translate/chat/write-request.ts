import type { JsonObject } from '../../protocol/index.js';
import { GENERIC } from '../capabilities/index.js';
import { member, writeAbsent, writeParams } from '../fields.js';
import type { RequestForm } from '../form.js';
import { withoutHosted } from '../hosted-tools.js';
import { toolNames } from '../names.js';
import type { TranslateOptions } from '../options.js';
import { finishChatRequest } from './finish-request.js';
import { writeMessages } from './write-messages.js';
import { writeFormat, writeTools } from './write-tools.js';

type Body = Record<string, unknown>;

function writeShaped(body: Body, form: RequestForm, options: TranslateOptions): void {
  const { params } = form;
  const capability = options.capability ?? GENERIC;
  const limit = params['max_output_tokens'];
  const effort = member(params['reasoning'], 'effort');
  if (limit !== undefined && limit !== null) body[capability.maxTokensField] = limit;
  if (effort !== undefined) body['reasoning_effort'] = effort;
  if (params['verbosity'] !== undefined) body['verbosity'] = params['verbosity'];
  if (params['logprobs'] !== undefined) body['logprobs'] = params['logprobs'];
  if (form.format !== undefined) body['response_format'] = writeFormat(form.format);
  for (const key of ['metadata', 'user', 'service_tier', 'stream']) {
    if (params[key] !== undefined) body[key] = params[key];
  }
  for (const key of ['thinking', 'output_config']) writeAbsent(key, params, 'chat', options);
}

/** The body of a Chat Completions request. Throws {@link CallFailure} `untranslatable` naming the part. */
export function writeChatRequest(given: RequestForm, options: TranslateOptions): JsonObject {
  const form = withoutHosted(given, 'chat', options);
  const capability = options.capability ?? GENERIC;
  const names = toolNames(form.tools, capability.toolNames ?? undefined);
  const body: Body = { messages: writeMessages(form, names, capability, options) };
  writeParams(body, form.params, 'chat', options);
  writeShaped(body, form, options);
  writeTools(body, form, names, capability, options);
  return finishChatRequest(body, options);
}
