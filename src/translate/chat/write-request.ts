import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { Capability } from '../capabilities/index.js';
import { GENERIC } from '../capabilities/index.js';
import { label, untranslatable } from '../failures.js';
import type { FormatForm, RequestForm, ToolChoice, ToolForm } from '../form.js';
import type { ToolNames } from '../names.js';
import { toolNames } from '../names.js';
import type { TranslateOptions } from '../options.js';
import { putKey } from '../put-key.js';
import { writeMessages } from './write-messages.js';

type Body = Record<string, unknown>;

/** Responses fields without a Chat form whose absence changes nothing that the model sees or says. */
const HARMLESS = new Set([
  'include',
  'truncation',
  'max_tool_calls',
  'text',
  'reasoning',
  'max_output_tokens',
]);
/** Responses fields that name state or work which a Chat upstream does not have. */
const STATEFUL = new Set(['previous_response_id', 'conversation', 'prompt']);

function writeTool(tool: ToolForm, names: ToolNames): Body {
  if (tool.kind === 'hosted') {
    throw untranslatable(
      `tool "${tool.name}"`,
      `a tool of type "${label(tool.value['type'])}" runs at the provider of the Responses API; Chat Completions has functions only`,
    );
  }
  const fn: Body = { name: names.toWire(tool.name, tool.namespace) };
  if (tool.description !== undefined) fn['description'] = tool.description;
  if (tool.kind === 'custom') {
    fn['parameters'] = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };
  } else if (tool.parameters !== undefined) fn['parameters'] = tool.parameters;
  if (tool.strict !== undefined) fn['strict'] = tool.strict;
  return { type: 'function', function: fn };
}

function writeToolChoice(choice: ToolChoice, names: ToolNames): unknown {
  const named = (name: string): Body => ({ type: 'function', function: { name: names.toWire(name) } });
  switch (choice.kind) {
    case 'tool':
      return named(choice.name);
    case 'allowed':
      return {
        type: 'allowed_tools',
        allowed_tools: { mode: choice.mode, tools: choice.names.map(named) },
      };
    case 'opaque':
      throw untranslatable('tool_choice', 'this shape has no form in Chat Completions');
    default:
      return choice.kind;
  }
}

function writeFormat(format: FormatForm): Body {
  if (format.kind !== 'json_schema') return { type: format.kind };
  const schema: Body = { name: format.name ?? 'response' };
  if (format.description !== undefined) schema['description'] = format.description;
  schema['schema'] = format.schema;
  if (format.strict !== undefined && format.strict !== null) schema['strict'] = format.strict;
  return { type: 'json_schema', json_schema: schema };
}

function writeTools(body: Body, form: RequestForm, names: ToolNames): void {
  if (form.tools.length === 0) {
    if (form.toolChoice?.kind === 'required') {
      throw untranslatable('tool_choice', '"required" needs at least one tool');
    }
    return;
  }
  body['tools'] = form.tools.map((tool) => writeTool(tool, names));
  if (form.toolChoice !== undefined) body['tool_choice'] = writeToolChoice(form.toolChoice, names);
  if (typeof form.parallelToolCalls === 'boolean') body['parallel_tool_calls'] = form.parallelToolCalls;
}

function writeParams(body: Body, form: RequestForm, options: TranslateOptions): void {
  const { params } = form;
  const capability = options.capability ?? GENERIC;
  for (const key in params) {
    const value = params[key];
    if (STATEFUL.has(key)) {
      if (value !== null)
        throw untranslatable(key, 'a Chat Completions upstream keeps no state; send the whole input');
    } else if (key === 'background') {
      if (value === true)
        throw untranslatable(key, 'a Chat Completions upstream cannot work in the background');
    } else if (!HARMLESS.has(key) && !(key === 'model' && value === null)) putKey(body, key, value);
  }
  const limit = params['max_output_tokens'];
  if (limit !== undefined && limit !== null) body[capability.maxTokensField] = limit;
  const { reasoning, text, include } = params;
  if (isObject(reasoning) && reasoning['effort'] !== null && reasoning['effort'] !== undefined) {
    body['reasoning_effort'] = reasoning['effort'];
  }
  if (isObject(text) && text['verbosity'] !== null && text['verbosity'] !== undefined) {
    body['verbosity'] = text['verbosity'];
  }
  if (Array.isArray(include) && include.includes('message.output_text.logprobs')) body['logprobs'] = true;
  if (form.format !== undefined) body['response_format'] = writeFormat(form.format);
}

/** Leaves out and renames what the provider's record says. */
function fit(body: Body, { drop, rename }: Capability): Body {
  if (drop.length === 0 && Object.keys(rename).length === 0) return body;
  const fitted: Body = {};
  for (const key in body) {
    if (!drop.includes(key)) putKey(fitted, Object.hasOwn(rename, key) ? rename[key]! : key, body[key]);
  }
  return fitted;
}

/** The body of a Chat Completions request. */
export function writeChatRequest(form: RequestForm, options: TranslateOptions): JsonObject {
  const capability = options.capability ?? GENERIC;
  const names = toolNames(form.tools);
  const body: Body = {};
  body['messages'] = writeMessages(form, {
    reasoning: options.reasoningHistory ?? capability.reasoningHistory,
    names,
    tokens: false,
  });
  writeParams(body, form, options);
  writeTools(body, form, names);
  const fitted = fit(body, capability);
  const merged: Body = options.extraBody === undefined ? fitted : { ...options.extraBody, ...fitted };
  if (options.model !== undefined) merged['model'] = options.model;
  return merged as JsonObject;
}
