import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { label, untranslatable } from '../failures.js';
import { member, readParams } from '../fields.js';
import type { Entry, RequestForm, ToolChoice, ToolForm } from '../form.js';
import { readBlocks } from './read-blocks.js';
import { effortOf } from './thinking.js';

const STRUCTURED = new Set([
  'messages',
  'system',
  'tools',
  'tool_choice',
  'max_tokens',
  'metadata',
  'service_tier',
]);

function readSystem(system: unknown): string | undefined {
  if (typeof system === 'string') return system === '' ? undefined : system;
  if (!Array.isArray(system)) return undefined;
  const texts = system.flatMap((block) => {
    const text = isObject(block) && block['type'] === 'text' ? block['text'] : undefined;
    return typeof text === 'string' && text !== '' ? [text] : [];
  });
  return texts.length === 0 ? undefined : texts.join('\n');
}

function readMessage(value: unknown, where: string, into: Entry[]): void {
  if (!isObject(value)) throw untranslatable(where, 'a message must be an object');
  const { role, content } = value;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw untranslatable(`${where}.role`, 'must be user or assistant');
  }
  if (typeof content === 'string') into.push({ kind: 'message', role, content });
  else if (Array.isArray(content)) readBlocks(content, role, `${where}.content`, into);
  else throw untranslatable(`${where}.content`, 'must be a string or a list of blocks');
}

function readTool(value: unknown, where: string): ToolForm {
  if (!isObject(value)) throw untranslatable(where, 'a tool must be an object');
  const { name, type } = value;
  if (typeof name !== 'string' || name === '') throw untranslatable(`${where}.name`, 'a tool needs a name');
  if (typeof type === 'string' && type !== 'custom' && !isObject(value['input_schema'])) {
    return { kind: 'hosted', name, value };
  }
  const tool: ToolForm = {
    kind: 'function',
    name,
    value,
    parameters: isObject(value['input_schema']) ? value['input_schema'] : { type: 'object', properties: {} },
  };
  if (typeof value['description'] === 'string') tool.description = value['description'];
  if (typeof value['strict'] === 'boolean') tool.strict = value['strict'];
  return tool;
}

function readChoice(choice: JsonObject): ToolChoice {
  switch (choice['type']) {
    case 'auto':
    case 'none':
      return { kind: choice['type'] };
    case 'any':
      return { kind: 'required' };
    case 'tool':
      if (typeof choice['name'] === 'string') return { kind: 'tool', name: choice['name'] };
  }
  throw untranslatable('tool_choice', `${label(choice)} is not auto, any, none or a named tool`);
}

function readShaped(body: Readonly<Record<string, unknown>>, form: RequestForm): void {
  const { params } = form;
  const { tool_choice: choice, service_tier: tier } = body;
  const instructions = readSystem(body['system']);
  const user = member(body['metadata'], 'user_id');
  const schema = member(member(body['output_config'], 'format'), 'schema');
  const effort = effortOf(body['thinking'], body['output_config']);
  if (instructions !== undefined) form.instructions = instructions;
  if (body['max_tokens'] !== undefined) params['max_output_tokens'] = body['max_tokens'];
  if (typeof user === 'string') params['user'] = user;
  if (typeof tier === 'string') params['service_tier'] = tier === 'standard_only' ? 'default' : tier;
  if (isObject(schema)) form.format = { kind: 'json_schema', schema };
  if (effort !== undefined) params['reasoning'] = { effort };
  if (!isObject(choice)) return;
  form.toolChoice = readChoice(choice);
  if (typeof choice['disable_parallel_tool_use'] === 'boolean') {
    form.parallelToolCalls = !choice['disable_parallel_tool_use'];
  }
}

/** Reads a Messages request. Throws {@link CallFailure} `untranslatable` naming the part that has no form elsewhere. */
export function readMessagesRequest(body: Readonly<Record<string, unknown>>): RequestForm {
  const { messages, tools } = body;
  if (!Array.isArray(messages)) throw untranslatable('messages', 'must be a list');
  const entries: Entry[] = [];
  messages.forEach((message, i) => {
    readMessage(message, `messages[${i}]`, entries);
  });
  const form: RequestForm = {
    dialect: 'messages',
    entries,
    tools: Array.isArray(tools) ? tools.map((tool, i) => readTool(tool, `tools[${i}]`)) : [],
    params: readParams('messages', body, STRUCTURED),
  };
  readShaped(body, form);
  return form;
}
