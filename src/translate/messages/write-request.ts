import type { JsonObject } from '../../protocol/index.js';
import { GENERIC } from '../capabilities/index.js';
import { declaredTools, CUSTOM_PARAMETERS } from '../chat/write-tools.js';
import { plainText } from '../chat/write-parts.js';
import { label, untranslatable } from '../failures.js';
import { member, writeAbsent, writeParams } from '../fields.js';
import type { Entry, RequestForm, ToolChoice, ToolForm } from '../form.js';
import { refuseHosted, withoutHosted } from '../hosted-tools.js';
import type { ToolNames } from '../names.js';
import { toolNames } from '../names.js';
import type { TranslateOptions } from '../options.js';
import { repairToolOrder } from '../repair.js';
import { shortCallId } from '../stable-id.js';
import { writeAssistantEntry, writeContent, writeToolResult } from './write-blocks.js';
import { writeThinking } from './thinking.js';

type Block = Record<string, unknown>;
interface Turn {
  role: 'user' | 'assistant';
  content: Block[];
}

function isThinking(block: Block): boolean {
  return block['type'] === 'thinking' || block['type'] === 'redacted_thinking';
}

/** The API wants a turn that thinks to start with it, and a turn that answers tools to start with the results. */
function leadFirst(turn: Turn): Turn {
  const leads = turn.role === 'assistant' ? isThinking : (block: Block) => block['type'] === 'tool_result';
  const first = turn.content[0];
  if (first === undefined || leads(first) || !turn.content.some(leads)) return turn;
  return {
    role: turn.role,
    content: [...turn.content.filter(leads), ...turn.content.filter((block) => !leads(block))],
  };
}

function blocksOf(entry: Entry, names: ToolNames, options: TranslateOptions, where: string): Block[] {
  if (entry.kind === 'opaque') {
    throw untranslatable(where, `an item of type "${entry.type}" has no form in the Messages API`);
  }
  if (entry.kind === 'result') {
    const max = (options.capability ?? GENERIC).maxCallId;
    return [writeToolResult({ ...entry, callId: shortCallId(entry.callId, max) }, `${where}.output`)];
  }
  if (entry.kind === 'message' && entry.role !== 'assistant')
    return writeContent(entry.content, `${where}.content`);
  if (entry.kind === 'reasoning') {
    if (options.acceptReasoning?.(entry) === false) return [];
    if (entry.signature === undefined && entry.texts.length > 0) {
      options.onLoss?.({ part: where, reason: 'the Messages API refuses thinking without a signature' });
    }
  }
  return writeAssistantEntry(entry, names, where);
}

/** Alternating turns: neighbours of one role are merged, turns that say nothing are left out. */
function writeTurns(entries: readonly Entry[], names: ToolNames, options: TranslateOptions): Turn[] {
  const turns: Turn[] = [];
  entries.forEach((entry, i) => {
    const assistant =
      entry.kind === 'call' ||
      entry.kind === 'reasoning' ||
      (entry.kind === 'message' && entry.role === 'assistant');
    const role = assistant ? 'assistant' : 'user';
    const content = blocksOf(entry, names, options, `input[${i}]`);
    if (content.length === 0) return;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  });
  if (turns.length === 0)
    throw untranslatable('input', 'the Messages API needs at least one message with content');
  return turns.map(leadFirst);
}

function writeSystem(form: RequestForm): { system: Block[]; rest: Entry[] } {
  const system = form.instructions === undefined ? [] : [{ text: form.instructions, type: 'text' }];
  const rest: Entry[] = [];
  for (const entry of form.entries) {
    if (entry.kind === 'message' && (entry.role === 'system' || entry.role === 'developer')) {
      const text = plainText(entry.content);
      if (text !== '') system.push({ text, type: 'text' });
    } else rest.push(entry);
  }
  return { system, rest };
}

function writeTool(tool: ToolForm, names: ToolNames): Block {
  if (tool.kind === 'hosted') refuseHosted(tool, 'messages');
  const written: Block = {};
  if (tool.description !== undefined) written['description'] = tool.description;
  written['input_schema'] =
    tool.kind === 'custom' ? CUSTOM_PARAMETERS : (tool.parameters ?? { type: 'object', properties: {} });
  written['name'] = names.toWire(tool.name, tool.namespace);
  if (tool.strict !== undefined) written['strict'] = tool.strict;
  return written;
}

function writeChoice(choice: ToolChoice, names: ToolNames): Block {
  switch (choice.kind) {
    case 'tool':
      return { name: names.toWire(choice.name), type: 'tool' };
    case 'required':
      return { type: 'any' };
    case 'allowed':
      return { type: choice.mode === 'required' ? 'any' : 'auto' };
    case 'opaque':
      throw untranslatable('tool_choice', `${label(choice.value)} has no form in the Messages API`);
    default:
      return { type: choice.kind };
  }
}

function writeTools(body: Block, form: RequestForm, names: ToolNames): void {
  if (form.tools.length === 0) {
    if (form.toolChoice?.kind === 'required')
      throw untranslatable('tool_choice', '"required" needs at least one tool');
    return;
  }
  // The API has no list of allowed tools: the others are not declared.
  const declared = declaredTools(form, { ...GENERIC, allowedTools: false });
  body['tools'] = declared.map((tool) => writeTool(tool, names));
  const parallel = form.parallelToolCalls;
  const choice = form.toolChoice ?? (parallel === false ? ({ kind: 'auto' } as const) : undefined);
  if (choice === undefined) return;
  const written = writeChoice(choice, names);
  if (parallel === false && choice.kind !== 'none') written['disable_parallel_tool_use'] = true;
  body['tool_choice'] = written;
}

function writeShaped(body: Block, form: RequestForm, options: TranslateOptions): void {
  const { params, format } = form;
  const capability = options.capability ?? GENERIC;
  const given = params['max_output_tokens'];
  const limit = typeof given === 'number' ? given : capability.defaultMaxTokens;
  const { fields, maxTokens } = writeThinking(member(params['reasoning'], 'effort'), limit, capability);
  body['max_tokens'] = maxTokens;
  Object.assign(body, fields);
  if (format?.kind === 'json_schema') {
    const config = body['output_config'];
    body['output_config'] = {
      ...(config as Block | undefined),
      format: { type: 'json_schema', schema: format.schema },
    };
  } else if (format?.kind === 'json_object') {
    throw untranslatable(
      'text.format',
      'the Messages API can be held to a schema only, not to any JSON object; give a json_schema',
    );
  }
  if (typeof params['user'] === 'string' && params['user'] !== '')
    body['metadata'] = { user_id: params['user'] };
  const tier = params['service_tier'];
  if (tier === 'auto' || tier === 'default')
    body['service_tier'] = tier === 'auto' ? 'auto' : 'standard_only';
  else writeTierLoss(tier, options);
  if (params['stream'] === true) body['stream'] = true;
  const metadata = params['metadata'];
  if (typeof metadata === 'object' && metadata !== null && Object.keys(metadata).length > 0) {
    options.onLoss?.({ part: 'metadata', reason: 'the Messages API holds user_id only' });
  }
  for (const key of ['verbosity', 'logprobs']) writeAbsent(key, params, 'messages', options);
}

function writeTierLoss(tier: unknown, options: TranslateOptions): void {
  if (tier === undefined || tier === null) return;
  options.onLoss?.({ part: 'service_tier', reason: `the Messages API has no tier ${label(tier)}` });
}

/** The body of a Messages request. Throws {@link CallFailure} `untranslatable` naming the part. */
export function writeMessagesRequest(given: RequestForm, options: TranslateOptions): JsonObject {
  const form = withoutHosted(given, 'messages', options);
  const capability = options.capability ?? GENERIC;
  const names = toolNames(form.tools, capability.toolNames ?? undefined);
  const { system, rest } = writeSystem(form);
  const body: Block = { messages: writeTurns(repairToolOrder(rest, options), names, options) };
  if (system.length > 0) body['system'] = system;
  writeParams(body, form.params, 'messages', options);
  writeShaped(body, form, options);
  writeTools(body, form, names);
  for (const key of capability.drop) {
    if (key in body) options.onLoss?.({ part: key, reason: 'the provider refuses it' });
    body[key] = undefined;
  }
  return finishMessagesRequest(body, options);
}

/** The configured model over everything, `extraBody` underneath. */
export function finishMessagesRequest(
  body: Readonly<Record<string, unknown>>,
  options: TranslateOptions,
): JsonObject {
  const merged: Block = { ...options.extraBody, ...body, ...options.samplingOverrides };
  if (options.model !== undefined) merged['model'] = options.model;
  return merged as JsonObject;
}
