import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { label, untranslatable } from '../failures.js';
import { member, readParams } from '../fields.js';
import type { Entry, FormatForm, RequestForm, ToolChoice, ToolForm } from '../form.js';
import { readItem } from './read-items.js';

function readTool(value: unknown, where: string): ToolForm {
  if (!isObject(value)) throw untranslatable(where, 'a tool must be an object');
  const type = value['type'] ?? 'function';
  const name = value['name'];
  if (type !== 'function' && type !== 'custom') {
    const shown = typeof name === 'string' ? name : label(type);
    return { kind: 'hosted', name: shown, value };
  }
  if (typeof name !== 'string' || name === '') throw untranslatable(`${where}.name`, 'a tool needs a name');
  const tool: ToolForm = { kind: type, name, value };
  if (typeof value['description'] === 'string') tool.description = value['description'];
  if (isObject(value['parameters'])) tool.parameters = value['parameters'];
  if (typeof value['strict'] === 'boolean') tool.strict = value['strict'];
  if (isObject(value['format'])) tool.format = value['format'];
  return tool;
}

/** A namespace is a named group of function tools; each member is declared as `<namespace>__<name>`. */
export function readTools(value: unknown): ToolForm[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw untranslatable('tools', 'must be a list');
  return value.flatMap((tool, i) => {
    const where = `tools[${i}]`;
    if (!isObject(tool) || tool['type'] !== 'namespace' || !Array.isArray(tool['tools'])) {
      return [readTool(tool, where)];
    }
    const namespace = tool['name'];
    if (typeof namespace !== 'string') throw untranslatable(where, 'a namespace needs a name');
    return tool['tools'].map((member, j) => ({ ...readTool(member, `${where}.tools[${j}]`), namespace }));
  });
}

function readAllowed(value: JsonObject): ToolChoice {
  const tools = Array.isArray(value['tools']) ? value['tools'] : [];
  const names = tools.map((tool, i) => {
    if (!isObject(tool) || typeof tool['name'] !== 'string') {
      throw untranslatable(`tool_choice.tools[${i}]`, 'only named tools can be allowed');
    }
    return tool['name'];
  });
  return { kind: 'allowed', mode: value['mode'] === 'required' ? 'required' : 'auto', names };
}

/** Also understands the Chat shape `{type:"function",function:{name}}`. */
export function readToolChoice(value: unknown): ToolChoice | undefined {
  if (value === null || value === undefined) return undefined;
  if (value === 'auto' || value === 'none' || value === 'required') return { kind: value };
  if (isObject(value)) {
    const nested = value['function'] ?? value['custom'];
    const name = value['name'] ?? (isObject(nested) ? nested['name'] : undefined);
    if (value['type'] === 'allowed_tools') return readAllowed(value);
    if (typeof name === 'string' && (value['type'] === 'function' || value['type'] === 'custom')) {
      return value['type'] === 'custom' ? { kind: 'tool', name, custom: true } : { kind: 'tool', name };
    }
  }
  return { kind: 'opaque', value };
}

function readFormat(value: unknown): FormatForm | undefined {
  const format = isObject(value) ? value['format'] : undefined;
  if (!isObject(format)) return undefined;
  if (format['type'] === 'text' || format['type'] === 'json_object') return { kind: format['type'] };
  if (format['type'] !== 'json_schema' || !isObject(format['schema'])) {
    throw untranslatable('text.format', 'must be text, json_object, or json_schema with a schema');
  }
  const form: FormatForm = { kind: 'json_schema', schema: format['schema'] };
  if (typeof format['name'] === 'string') form.name = format['name'];
  if (typeof format['description'] === 'string') form.description = format['description'];
  if (typeof format['strict'] === 'boolean') form.strict = format['strict'];
  return form;
}

/** Read by code below; `text` and `include` are taken apart into their members. */
const STRUCTURED = new Set([
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'include',
]);

/** Tools that came in an `additional_tools` item of the input, which says nothing else. */
function takeAdditionalTools(input: readonly unknown[]): { items: readonly unknown[]; tools: ToolForm[] } {
  const isCarrier = (item: unknown): boolean => isObject(item) && item['type'] === 'additional_tools';
  if (!input.some(isCarrier)) return { items: input, tools: [] };
  const tools = input.flatMap((item) =>
    isCarrier(item) ? readTools((item as JsonObject)['tools']).filter((tool) => tool.kind !== 'hosted') : [],
  );
  return { items: input.filter((item) => !isCarrier(item)), tools };
}

function readInput(input: unknown, entries: Entry[]): ToolForm[] {
  if (typeof input === 'string') {
    entries.push({ kind: 'message', role: 'user', content: [{ kind: 'text', text: input }] });
    return [];
  }
  if (!Array.isArray(input)) throw untranslatable('input', 'must be a string or a list of items');
  const { items, tools } = takeAdditionalTools(input);
  items.forEach((item, i) => {
    readItem(item, `input[${i}]`, entries);
  });
  return tools;
}

function readShaped(request: Readonly<Record<string, unknown>>, form: RequestForm): void {
  const { instructions, parallel_tool_calls: parallel, include } = request;
  const choice = readToolChoice(request['tool_choice']);
  const format = readFormat(request['text']);
  const verbosity = member(request['text'], 'verbosity');
  if (typeof instructions === 'string' && instructions !== '') form.instructions = instructions;
  if (choice !== undefined) form.toolChoice = choice;
  if (typeof parallel === 'boolean' || parallel === null) form.parallelToolCalls = parallel;
  if (format !== undefined) form.format = format;
  if (verbosity !== undefined) form.params['verbosity'] = verbosity;
  if (Array.isArray(include) && include.includes('message.output_text.logprobs'))
    form.params['logprobs'] = true;
}

/** Earlier items come first, as if the client had sent the whole conversation. */
function withPrevious(
  request: Readonly<Record<string, unknown>>,
  previous: ((id: string) => readonly unknown[] | undefined) | undefined,
): Readonly<Record<string, unknown>> {
  const { previous_response_id: id, input } = request;
  if (typeof id !== 'string' || previous === undefined) return request;
  const items = previous(id);
  if (items === undefined) {
    throw untranslatable('previous_response_id', `there is no stored response "${label(id)}"`);
  }
  const now = typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : input;
  return {
    ...request,
    previous_response_id: null,
    input: [...items, ...(Array.isArray(now) ? (now as unknown[]) : [])],
  };
}

/** Reads a Responses request. Throws {@link CallFailure} `untranslatable` naming the part that is malformed. */
export function readResponsesRequest(
  given: Readonly<Record<string, unknown>>,
  previous?: (id: string) => readonly unknown[] | undefined,
): RequestForm {
  const request = withPrevious(given, previous);
  const entries: Entry[] = [];
  const added = readInput(request['input'], entries);
  const form: RequestForm = {
    dialect: 'responses',
    entries,
    tools: [...readTools(request['tools']), ...added],
    params: readParams('responses', request, STRUCTURED),
  };
  readShaped(request, form);
  return form;
}
