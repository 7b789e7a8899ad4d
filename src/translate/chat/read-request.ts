import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { label, untranslatable } from '../failures.js';
import { readParams } from '../fields.js';
import type { CallEntry, Content, Entry, FormatForm, RequestForm, ToolForm } from '../form.js';
import { readContent } from '../responses/read-parts.js';
import { readToolChoice } from '../responses/read-request.js';
import { splitThinking } from '../think-tags.js';
import { readTokens } from '../tokens.js';

const STRUCTURED = new Set([
  'messages',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'max_tokens',
  'max_completion_tokens',
  'reasoning_effort',
  'functions',
  'function_call',
]);

function readCall(value: unknown, where: string): CallEntry {
  const call = isObject(value) ? value : {};
  const custom = isObject(call['custom']) ? call['custom'] : undefined;
  const fn = custom ?? (isObject(call['function']) ? call['function'] : undefined);
  const { id } = call;
  const name = fn?.['name'];
  if (typeof id !== 'string' || typeof name !== 'string') {
    throw untranslatable(where, 'a tool call needs an id and a function name');
  }
  const raw = custom === undefined ? fn?.['arguments'] : custom['input'];
  const entry: CallEntry = {
    kind: 'call',
    callId: id,
    name,
    arguments: typeof raw === 'string' ? raw : JSON.stringify(raw ?? {}),
  };
  if (custom !== undefined) entry.custom = true;
  if (call['extra_content'] !== undefined) entry.extra = { extra_content: call['extra_content'] };
  return entry;
}

/** Think tags that were folded into the text of an earlier reply become its reasoning again. */
function unfoldThinking(message: JsonObject): JsonObject {
  if (typeof message['content'] !== 'string' || typeof message['reasoning_content'] === 'string')
    return message;
  const { texts, text } = splitThinking(message['content']);
  return texts.length === 0 ? message : { ...message, content: text, reasoning_content: texts.join('') };
}

/** The content of an assistant message. */
function assistantContent(message: JsonObject, where: string): Content | undefined {
  const content = message['content'];
  const refusal = message['refusal'];
  if (typeof refusal === 'string' && refusal !== '') {
    const text =
      typeof content === 'string' && content !== '' ? [{ kind: 'text', text: content } as const] : [];
    return [...text, { kind: 'refusal', text: refusal }];
  }
  if (content === null || content === undefined || content === '') {
    return Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0 ? undefined : '';
  }
  return readContent(content, `${where}.content`);
}

function readAssistant(given: JsonObject, where: string, into: Entry[], parser: boolean): void {
  const message = parser ? unfoldThinking(given) : given;
  const reasoning = message['reasoning_content'] ?? message['reasoning'];
  const details = message['reasoning_details'];
  const hasDetails = Array.isArray(details) && details.length > 0;
  if ((typeof reasoning === 'string' && reasoning !== '') || hasDetails) {
    const texts = typeof reasoning === 'string' && reasoning !== '' ? [reasoning] : [];
    into.push({
      kind: 'reasoning',
      texts,
      form: 'summary',
      ...(hasDetails ? { extra: { reasoning_details: details } } : {}),
    });
  }
  const content = assistantContent(message, where);
  if (content !== undefined) into.push({ kind: 'message', role: 'assistant', content });
  if (Array.isArray(message['tool_calls'])) {
    message['tool_calls'].forEach((call, i) => into.push(readCall(call, `${where}.tool_calls[${i}]`)));
  } else if (isObject(message['function_call'])) {
    const name = label(message['function_call']['name']);
    into.push(readCall({ id: `call_${name}`, function: message['function_call'] }, `${where}.function_call`));
  }
  const tokens = readTokens(message);
  if (tokens !== undefined) (into.at(-1) as CallEntry).tokens = tokens;
}

function readMessage(value: unknown, where: string, into: Entry[], parser: boolean): void {
  if (!isObject(value)) throw untranslatable(where, 'a message must be an object');
  const { role } = value;
  switch (role) {
    case 'assistant':
      readAssistant(value, where, into, parser);
      return;
    case 'tool':
    case 'function': {
      const id = role === 'tool' ? value['tool_call_id'] : `call_${label(value['name'])}`;
      if (typeof id !== 'string') throw untranslatable(`${where}.tool_call_id`, 'must be a string');
      into.push({ kind: 'result', callId: id, content: readContent(value['content'], `${where}.content`) });
      return;
    }
    case 'user':
    case 'system':
    case 'developer': {
      const content = readContent(value['content'] ?? '', `${where}.content`);
      const name = typeof value['name'] === 'string' ? { extra: { name: value['name'] } } : {};
      into.push({ kind: 'message', role, content, ...name });
      return;
    }
    default:
      throw untranslatable(`${where}.role`, 'must be user, assistant, system, developer or tool');
  }
}

function readTool(value: unknown, where: string): ToolForm {
  if (!isObject(value)) throw untranslatable(where, 'a tool must be an object');
  const custom = isObject(value['custom']) ? value['custom'] : undefined;
  const fn = custom ?? value['function'];
  if (!isObject(fn)) return { kind: 'hosted', name: label(value['type']), value };
  const { name } = fn;
  if (typeof name !== 'string' || name === '') throw untranslatable(`${where}.name`, 'a tool needs a name');
  const tool: ToolForm = { kind: custom === undefined ? 'function' : 'custom', name, value };
  if (typeof fn['description'] === 'string') tool.description = fn['description'];
  if (isObject(fn['parameters'])) tool.parameters = fn['parameters'];
  if (typeof fn['strict'] === 'boolean') tool.strict = fn['strict'];
  if (isObject(fn['format'])) tool.format = fn['format'];
  return tool;
}

function readTools(body: Readonly<Record<string, unknown>>): ToolForm[] {
  const tools = body['tools'];
  if (Array.isArray(tools)) return tools.map((tool, i) => readTool(tool, `tools[${i}]`));
  const legacy = body['functions'];
  if (!Array.isArray(legacy)) return [];
  return legacy.map((fn, i) => readTool({ type: 'function', function: fn as JsonObject }, `functions[${i}]`));
}

function readChoice(body: Readonly<Record<string, unknown>>) {
  const choice = body['tool_choice'] ?? body['function_call'];
  if (isObject(choice) && choice['type'] === 'allowed_tools' && isObject(choice['allowed_tools'])) {
    const { mode, tools } = choice['allowed_tools'];
    const flat = (Array.isArray(tools) ? tools : []).map((tool) =>
      isObject(tool) && isObject(tool['function']) ? tool['function'] : tool,
    );
    return readToolChoice({ type: 'allowed_tools', mode: mode ?? 'auto', tools: flat });
  }
  if (isObject(choice) && choice['type'] === undefined && typeof choice['name'] === 'string') {
    return readToolChoice({ type: 'function', name: choice['name'] });
  }
  return readToolChoice(choice);
}

function readFormat(value: unknown): FormatForm | undefined {
  if (!isObject(value)) return undefined;
  if (value['type'] === 'text' || value['type'] === 'json_object') return { kind: value['type'] };
  const inner = value['json_schema'];
  if (value['type'] !== 'json_schema' || !isObject(inner) || !isObject(inner['schema'])) {
    throw untranslatable('response_format', 'must be text, json_object, or json_schema with a schema');
  }
  const format: FormatForm = { kind: 'json_schema', schema: inner['schema'] };
  if (typeof inner['name'] === 'string') format.name = inner['name'];
  if (typeof inner['description'] === 'string') format.description = inner['description'];
  if (typeof inner['strict'] === 'boolean') format.strict = inner['strict'];
  return format;
}

/** Reads a Chat Completions request. Throws {@link CallFailure} `untranslatable` naming the part that is malformed. */
export function readChatRequest(
  body: Readonly<Record<string, unknown>>,
  usesReasoningParser = false,
): RequestForm {
  const { messages } = body;
  if (!Array.isArray(messages)) throw untranslatable('messages', 'must be a list');
  const entries: Entry[] = [];
  messages.forEach((message, i) => {
    readMessage(message, `messages[${i}]`, entries, usesReasoningParser);
  });
  const form: RequestForm = {
    dialect: 'chat',
    entries,
    tools: readTools(body),
    params: readParams('chat', body, STRUCTURED),
  };
  const limit = body['max_completion_tokens'] ?? body['max_tokens'];
  const choice = readChoice(body);
  const format = readFormat(body['response_format']);
  const parallel = body['parallel_tool_calls'];
  const effort = body['reasoning_effort'];
  if (limit !== undefined) form.params['max_output_tokens'] = limit;
  if (effort !== undefined && effort !== null) form.params['reasoning'] = { effort };
  if (choice !== undefined) form.toolChoice = choice;
  if (typeof parallel === 'boolean') form.parallelToolCalls = parallel;
  if (format !== undefined) form.format = format;
  if (typeof form.params['stop'] === 'string' && form.params['stop'] !== '') {
    form.params['stop'] = [form.params['stop']];
  }
  return form;
}
