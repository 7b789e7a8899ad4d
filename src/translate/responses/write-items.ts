import type {
  ContentPart,
  FunctionCallItem,
  Item,
  MessageItem,
  OtherItem,
  ReasoningItem,
} from '../../protocol/index.js';
import type { CallEntry, Content, Entry, MessageEntry, Part, ReasoningEntry, ResultEntry } from '../form.js';
import type { ToolNames } from '../names.js';
import { restoreCall } from '../names.js';

type NewId = (prefix: string) => string;

function writeOutputContent(content: Content): MessageItem['content'] {
  const parts: Part[] = typeof content === 'string' ? [{ kind: 'text', text: content }] : content;
  return parts.flatMap((part): ContentPart[] => {
    if (part.kind === 'refusal') return [{ type: 'refusal', refusal: part.text }];
    if (part.kind !== 'text') return [];
    return [
      {
        annotations: part.annotations ?? [],
        text: part.text,
        type: 'output_text',
        logprobs: part.logprobs ?? null,
      },
    ];
  });
}

function writeMessage(entry: MessageEntry, newId: NewId): MessageItem {
  return {
    id: entry.id ?? newId('msg_'),
    content: writeOutputContent(entry.content),
    role: entry.role,
    status: 'completed',
    type: 'message',
    ...entry.extra,
  };
}

function writeReasoning(entry: ReasoningEntry, newId: NewId): ReasoningItem {
  const parts = entry.texts;
  return {
    id: entry.id ?? newId(entry.redacted === true ? 'rs_redacted_' : 'rs_'),
    summary: entry.form === 'summary' ? parts.map((text) => ({ text, type: 'summary_text' })) : [],
    type: 'reasoning',
    encrypted_content: entry.signature ?? null,
    content: entry.form === 'raw' ? parts.map((text) => ({ text, type: 'reasoning_text' })) : null,
    ...entry.extra,
  };
}

function writeCall(given: CallEntry, names: ToolNames): FunctionCallItem | OtherItem {
  const entry = restoreCall(given, names);
  const { callId, name } = entry;
  const common = { id: entry.id ?? callId, status: entry.status ?? 'completed' };
  const item: FunctionCallItem | OtherItem =
    entry.custom === true
      ? { type: 'custom_tool_call', call_id: callId, name, input: entry.arguments, ...common }
      : { arguments: entry.arguments, call_id: callId, name, type: 'function_call', ...common };
  if (entry.namespace !== undefined) item['namespace'] = entry.namespace;
  return entry.extra === undefined ? item : Object.assign(item, entry.extra);
}

function writeResult(entry: ResultEntry): OtherItem {
  return {
    call_id: entry.callId,
    output: typeof entry.content === 'string' ? entry.content : writeOutputContent(entry.content),
    type: 'function_call_output',
  };
}

/** One output item with every key that the reference writes. */
export function writeItem(entry: Entry, names: ToolNames, newId: NewId): Item {
  if (entry.kind === 'opaque') return entry.value as OtherItem;
  if (entry.kind === 'result') return writeResult(entry);
  const item =
    entry.kind === 'message'
      ? writeMessage(entry, newId)
      : entry.kind === 'reasoning'
        ? writeReasoning(entry, newId)
        : writeCall(entry, names);
  if (entry.tokens !== undefined) {
    Object.assign(item, entry.tokens, { routed_experts: entry.tokens.routed_experts ?? null });
  }
  return item;
}
