import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { label, untranslatable } from '../failures.js';
import type { CallEntry, Entry, MessageEntry, ReasoningEntry, ResultEntry } from '../form.js';
import { readTokens } from '../tokens.js';
import { readContent } from './read-parts.js';

const ROLES = new Set(['user', 'assistant', 'system', 'developer']);
const MESSAGE_KEYS = new Set(['type', 'role', 'content', 'id', 'status', 'tool_calls', 'name']);
const CALL_KEYS = new Set(['type', 'call_id', 'name', 'arguments', 'input', 'id', 'status', 'namespace']);
const REASONING_KEYS = new Set(['type', 'id', 'summary', 'content', 'encrypted_content', 'status']);
const TOKEN_KEYS = new Set([
  'prompt_token_ids',
  'generation_token_ids',
  'generation_log_probs',
  'routed_experts',
]);

function extras(item: JsonObject, known: ReadonlySet<string>): Record<string, unknown> | undefined {
  let extra: Record<string, unknown> | undefined;
  for (const key in item) {
    if (known.has(key) || TOKEN_KEYS.has(key)) continue;
    extra ??= Object.create(null) as Record<string, unknown>;
    extra[key] = item[key];
  }
  return extra;
}

function text(item: JsonObject, key: string, where: string): string {
  const value = item[key];
  if (typeof value !== 'string') {
    throw untranslatable(`${where}.${key}`, `must be a string in a ${label(item['type'])} item`);
  }
  return value;
}

/** A tool call inside an untyped, Chat-shaped assistant item. */
function readInlineCall(value: unknown, where: string): CallEntry {
  const call = isObject(value) ? value : {};
  const fn = isObject(call['function']) ? call['function'] : undefined;
  const custom = isObject(call['custom']) ? call['custom'] : undefined;
  const name = fn?.['name'] ?? custom?.['name'];
  const id = call['id'];
  if (typeof id !== 'string' || typeof name !== 'string') {
    throw untranslatable(where, 'a tool call needs an id and a name');
  }
  const raw = fn === undefined ? custom?.['input'] : fn['arguments'];
  const entry: CallEntry = {
    kind: 'call',
    callId: id,
    name,
    arguments: typeof raw === 'string' ? raw : JSON.stringify(raw ?? {}),
  };
  if (custom !== undefined) entry.custom = true;
  return entry;
}

function readMessage(item: JsonObject, where: string, into: Entry[]): void {
  const role = item['role'];
  if (role === 'tool') {
    into.push({
      kind: 'result',
      callId: text(item, 'tool_call_id', where),
      content: readContent(item['content'], `${where}.content`),
    });
    return;
  }
  if (typeof role !== 'string' || !ROLES.has(role)) {
    throw untranslatable(`${where}.role`, 'must be user, assistant, system or developer');
  }
  const entry: MessageEntry = {
    kind: 'message',
    role: role as MessageEntry['role'],
    content: readContent(item['content'], `${where}.content`),
  };
  const tokens = readTokens(item);
  const extra = extras(item, MESSAGE_KEYS);
  if (typeof item['id'] === 'string') entry.id = item['id'];
  if (tokens !== undefined) entry.tokens = tokens;
  if (extra !== undefined) entry.extra = extra;
  into.push(entry);
  if (role === 'assistant' && Array.isArray(item['tool_calls'])) {
    item['tool_calls'].forEach((call, i) => into.push(readInlineCall(call, `${where}.tool_calls[${i}]`)));
  }
}

function texts(value: unknown, where: string): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((part, i) => {
    if (!isObject(part) || typeof part['text'] !== 'string') {
      throw untranslatable(`${where}[${i}]`, 'needs text');
    }
    return part['text'];
  });
}

function readReasoning(item: JsonObject, where: string): ReasoningEntry {
  const summary = texts(item['summary'], `${where}.summary`);
  const raw = summary.length > 0 ? [] : texts(item['content'], `${where}.content`);
  const form = raw.length > 0 ? 'raw' : 'summary';
  const entry: ReasoningEntry = { kind: 'reasoning', texts: form === 'raw' ? raw : summary, form };
  const tokens = readTokens(item);
  const extra = extras(item, REASONING_KEYS);
  if (typeof item['id'] === 'string') entry.id = item['id'];
  if (typeof item['encrypted_content'] === 'string') entry.signature = item['encrypted_content'];
  if (entry.id?.startsWith('rs_redacted_') === true) entry.redacted = true;
  if (tokens !== undefined) entry.tokens = tokens;
  if (extra !== undefined) entry.extra = extra;
  return entry;
}

function readCall(item: JsonObject, custom: boolean, where: string): CallEntry {
  const entry: CallEntry = {
    kind: 'call',
    callId: text(item, 'call_id', where),
    name: text(item, 'name', where),
    arguments: text(item, custom ? 'input' : 'arguments', where),
  };
  const tokens = readTokens(item);
  const extra = extras(item, CALL_KEYS);
  if (custom) entry.custom = true;
  if (typeof item['id'] === 'string') entry.id = item['id'];
  if (typeof item['namespace'] === 'string') entry.namespace = item['namespace'];
  if (tokens !== undefined) entry.tokens = tokens;
  if (extra !== undefined) entry.extra = extra;
  return entry;
}

function readResult(item: JsonObject, custom: boolean, where: string): ResultEntry {
  const entry: ResultEntry = {
    kind: 'result',
    callId: text(item, 'call_id', where),
    content: readContent(item['output'], `${where}.output`),
  };
  if (custom) entry.custom = true;
  if (item['is_error'] === true) entry.isError = true;
  return entry;
}

/** Appends what one Responses item means. Item types that we do not model become opaque entries. */
export function readItem(value: unknown, where: string, into: Entry[]): void {
  if (!isObject(value)) throw untranslatable(where, 'an item must be an object');
  const type = value['type'];
  switch (type) {
    case undefined:
    case null:
      if (!('role' in value)) throw untranslatable(where, 'has neither a type nor a role');
      readMessage(value, where, into);
      return;
    case 'message':
      readMessage(value, where, into);
      return;
    case 'reasoning':
      into.push(readReasoning(value, where));
      return;
    case 'function_call':
    case 'custom_tool_call':
      into.push(readCall(value, type === 'custom_tool_call', where));
      return;
    case 'function_call_output':
    case 'custom_tool_call_output':
      into.push(readResult(value, type === 'custom_tool_call_output', where));
      return;
    default:
      if (typeof type !== 'string') throw untranslatable(`${where}.type`, 'must be a string');
      into.push({ kind: 'opaque', dialect: 'responses', type, value });
  }
}
