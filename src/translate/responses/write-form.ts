import type { JsonObject } from '../../protocol/index.js';
import type { ResponsesRequest } from '../../protocol/index.js';
import { GENERIC } from '../capabilities/index.js';
import { label, untranslatable } from '../failures.js';
import { writeAbsent, writeParams } from '../fields.js';
import type {
  CallEntry,
  Content,
  Dialect,
  FormatForm,
  MessageEntry,
  Part,
  ReasoningEntry,
  RequestForm,
  ResultEntry,
  ToolChoice,
  ToolForm,
} from '../form.js';
import { refuseHosted, withoutHosted } from '../hosted-tools.js';
import type { TranslateOptions } from '../options.js';
import { stableId } from '../stable-id.js';
import { requestToResponses } from './write-request.js';

type Written = Record<string, unknown>;

function writeFile(part: Extract<Part, { kind: 'file' }>): Written {
  const file: Written = { type: 'input_file' };
  if (part.data !== undefined) file['file_data'] = part.data;
  else if (part.url !== undefined) file['file_url'] = part.url;
  else if (part.fileId !== undefined) file['file_id'] = part.fileId;
  else {
    file['file_data'] = `data:text/plain;base64,${Buffer.from(part.text ?? '', 'utf8').toString('base64')}`;
    file['filename'] = part.filename ?? 'document.txt';
  }
  if (part.filename !== undefined) file['filename'] = part.filename;
  return file;
}

function writePart(part: Part, assistant: boolean, where: string): Written {
  switch (part.kind) {
    case 'text':
      return assistant
        ? { type: 'output_text', text: part.text, annotations: [] }
        : { type: 'input_text', text: part.text };
    case 'refusal':
      return { type: 'refusal', refusal: part.text };
    case 'image':
      return part.url === undefined
        ? { type: 'input_image', file_id: part.fileId, detail: part.detail ?? 'auto' }
        : { detail: part.detail ?? 'auto', type: 'input_image', image_url: part.url };
    case 'file':
      return writeFile(part);
    case 'audio':
      return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
    case 'video':
      return { type: 'input_video', video_url: part.url };
    case 'opaque':
      throw untranslatable(where, `a part of type "${part.type}" has no form in the Responses API`);
  }
}

function writeContent(content: Content, assistant: boolean, where: string): string | Written[] {
  if (typeof content === 'string') return content;
  return content.map((part, i) => writePart(part, assistant, `${where}[${i}]`));
}

function writeMessage(entry: MessageEntry, where: string, dialect: Dialect): Written {
  const assistant = entry.role === 'assistant';
  // What a Chat assistant said becomes an output message, as in the reference.
  const parts: Content =
    assistant && dialect === 'chat' && typeof entry.content === 'string'
      ? [{ kind: 'text', text: entry.content }]
      : entry.content;
  const content = writeContent(parts, assistant, where);
  const message: Written = { content, role: entry.role, type: 'message' };
  // A list of output parts makes an output message, which needs an id and a status.
  if (assistant && typeof content !== 'string') {
    message['id'] = stableId('msg_', JSON.stringify(content), where);
    message['status'] = 'completed';
  }
  return message;
}

function writeReasoning(entry: ReasoningEntry, where: string): Written {
  const prefix = entry.redacted === true ? 'rs_redacted_' : 'rs_';
  const item: Written = {
    id: entry.id ?? stableId(prefix, entry.signature ?? '', where, ...entry.texts),
    summary: entry.texts.map((text) => ({ text, type: 'summary_text' })),
    type: 'reasoning',
  };
  if (entry.signature !== undefined) item['encrypted_content'] = entry.signature;
  return { ...item, ...entry.extra };
}

function writeCall(entry: CallEntry): Written {
  const { callId, name } = entry;
  const common = { call_id: callId, name, id: entry.id ?? callId, status: 'completed', ...entry.extra };
  return entry.custom === true
    ? { type: 'custom_tool_call', input: entry.arguments, ...common }
    : { arguments: entry.arguments, type: 'function_call', ...common };
}

function writeResult(entry: ResultEntry, custom: boolean, where: string, dialect: Dialect): Written {
  const status = dialect === 'chat' ? { status: 'completed' } : {};
  return {
    call_id: entry.callId,
    output: writeContent(entry.content, false, where),
    type: custom ? 'custom_tool_call_output' : 'function_call_output',
    ...status,
  };
}

/** The items of a Responses request. Ids that it needs are made from the content: the same request, the same bytes. */
function writeItems({ entries, dialect }: RequestForm, options: TranslateOptions): Written[] {
  const custom = new Set<string>();
  return entries.flatMap((entry, i): Written[] => {
    const where = `input[${i}]`;
    switch (entry.kind) {
      case 'message':
        return [writeMessage(entry, where, dialect)];
      case 'reasoning':
        return options.acceptReasoning?.(entry) === false ? [] : [writeReasoning(entry, where)];
      case 'call':
        if (entry.custom === true) custom.add(entry.callId);
        return [writeCall(entry)];
      case 'result':
        if (entry.isError === true)
          options.onLoss?.({ part: `${where}.is_error`, reason: 'has no field here' });
        return [writeResult(entry, custom.has(entry.callId), where, dialect)];
      case 'opaque':
        throw untranslatable(where, `"${entry.type}" has no form in the Responses API`);
    }
  });
}

function writeTool(tool: ToolForm): Written {
  if (tool.kind === 'hosted') refuseHosted(tool, 'responses');
  if (tool.kind === 'custom') {
    const format = tool.format === undefined ? {} : { format: tool.format };
    return { type: 'custom', name: tool.name, description: tool.description ?? null, ...format };
  }
  return {
    name: tool.name,
    parameters: tool.parameters ?? { type: 'object', properties: {} },
    // Absent means false in Chat and Messages but true here: the wish is kept, so it has to be said.
    strict: tool.strict ?? false,
    type: 'function',
    description: tool.description ?? null,
  };
}

function writeChoice(choice: ToolChoice): unknown {
  switch (choice.kind) {
    case 'tool':
      return { type: choice.custom === true ? 'custom' : 'function', name: choice.name };
    case 'allowed':
      return {
        type: 'allowed_tools',
        mode: choice.mode,
        tools: choice.names.map((name) => ({ type: 'function', name })),
      };
    case 'opaque':
      throw untranslatable('tool_choice', `${label(choice.value)} has no form in the Responses API`);
    default:
      return choice.kind;
  }
}

function writeFormat(format: FormatForm): Written {
  if (format.kind !== 'json_schema') return { type: format.kind };
  const { name = 'response', description, schema, strict } = format;
  return {
    type: 'json_schema',
    name,
    ...(description === undefined ? {} : { description }),
    schema,
    ...(strict === undefined || strict === null ? {} : { strict }),
  };
}

function writeShaped(body: Written, form: RequestForm, options: TranslateOptions): void {
  const { params } = form;
  for (const key of ['max_output_tokens', 'reasoning', 'metadata', 'user', 'service_tier', 'stream']) {
    if (params[key] !== undefined) body[key] = params[key];
  }
  const text: Written = {};
  if (form.format !== undefined) text['format'] = writeFormat(form.format);
  if (params['verbosity'] !== undefined && params['verbosity'] !== null)
    text['verbosity'] = params['verbosity'];
  if (Object.keys(text).length > 0) body['text'] = text;
  if (params['logprobs'] === true) body['include'] = ['message.output_text.logprobs'];
  for (const key of ['thinking', 'output_config']) writeAbsent(key, params, 'responses', options);
}

function writeTools(body: Written, form: RequestForm): void {
  if (form.tools.length === 0) {
    if (form.toolChoice?.kind === 'required')
      throw untranslatable('tool_choice', '"required" needs at least one tool');
    return;
  }
  body['tools'] = form.tools.map(writeTool);
  if (form.toolChoice !== undefined) body['tool_choice'] = writeChoice(form.toolChoice);
  if (typeof form.parallelToolCalls === 'boolean') body['parallel_tool_calls'] = form.parallelToolCalls;
}

/**
 * The Responses request that asks what the form asks, without an upstream's peculiarities. With `carry`, fields
 * that only other dialects have (`stop`, `seed`, …) ride along under their own names.
 */
export function writeResponsesForm(given: RequestForm, options: TranslateOptions, carry = false): JsonObject {
  const form = withoutHosted(given, 'responses', options);
  const body: Written = { input: writeItems(form, options) };
  if (form.instructions !== undefined) body['instructions'] = form.instructions;
  writeParams(body, form.params, 'responses', options, carry);
  writeShaped(body, form, options);
  writeTools(body, form);
  return body as JsonObject;
}

/** The body of a Responses request, fit for the upstream. */
export function writeResponsesRequest(form: RequestForm, options: TranslateOptions): JsonObject {
  const body = writeResponsesForm(form, options) as unknown as ResponsesRequest;
  return requestToResponses(body, { capability: GENERIC, ...options });
}
