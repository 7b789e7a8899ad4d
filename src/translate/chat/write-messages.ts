import { untranslatable } from '../failures.js';
import type {
  CallEntry,
  Entry,
  MessageEntry,
  ReasoningEntry,
  RequestForm,
  ResultEntry,
  TokenInfo,
} from '../form.js';
import type { ToolNames } from '../names.js';
import type { ReasoningHistory } from '../options.js';
import { plainText, writeContent } from './write-parts.js';

type ChatMessage = Record<string, unknown>;

export interface MessageRules {
  reasoning: ReasoningHistory;
  names: ToolNames;
  /** Send token ids of earlier turns along with the assistant messages. */
  tokens: boolean;
}

function writeCall(call: CallEntry, names: ToolNames): ChatMessage {
  const name = names.toWire(call.name, call.namespace);
  const args = call.custom === true ? JSON.stringify({ input: call.arguments }) : call.arguments;
  const wire: ChatMessage = { id: call.callId, type: 'function', function: { name, arguments: args } };
  // Gemini checks its thought signature on replayed calls; it rides along as an unknown field.
  if (call.extra?.['extra_content'] !== undefined) wire['extra_content'] = call.extra['extra_content'];
  return wire;
}

/** Collects adjacent assistant-side entries into one assistant message. */
class AssistantTurn {
  #seen = false;
  #content = '';
  #refusal = '';
  #reasoning = '';
  #details: unknown[] = [];
  #calls: ChatMessage[] = [];
  #tokens: TokenInfo | undefined;

  constructor(private readonly rules: MessageRules) {}

  message(entry: MessageEntry): void {
    this.#seen = true;
    this.#tokens = entry.tokens ?? this.#tokens;
    this.#content += plainText(entry.content);
    if (typeof entry.content === 'string') return;
    for (const part of entry.content) if (part.kind === 'refusal') this.#refusal += part.text;
  }

  call(entry: CallEntry): void {
    this.#seen = true;
    this.#tokens = entry.tokens ?? this.#tokens;
    this.#calls.push(writeCall(entry, this.rules.names));
  }

  reasoning(entry: ReasoningEntry): void {
    this.#seen = true;
    this.#tokens = entry.tokens ?? this.#tokens;
    const details = entry.extra?.['reasoning_details'];
    if (this.rules.reasoning === 'drop') return;
    if (this.rules.reasoning === 'think_tags') {
      for (const text of entry.texts) if (text !== '') this.#content += `<think>${text}</think>`;
    } else if (this.rules.reasoning === 'reasoning_details' && Array.isArray(details)) {
      this.#details.push(...(details as unknown[]));
    } else {
      this.#reasoning += entry.texts.join('');
    }
  }

  /** The message, or undefined when no assistant entry was seen; then starts anew. */
  take(): ChatMessage | undefined {
    const seen = this.#seen;
    // A refusal on its own is what the assistant said; next to text it would be said twice.
    const content = this.#content === '' ? this.#refusal : this.#content;
    const message: ChatMessage = { role: 'assistant', content: content === '' ? null : content };
    const { reasoning } = this.rules;
    if (this.#reasoning !== '') {
      if (reasoning !== 'reasoning') message['reasoning_content'] = this.#reasoning;
      if (reasoning === 'reasoning' || reasoning === 'both_fields') message['reasoning'] = this.#reasoning;
    }
    if (this.#details.length > 0) message['reasoning_details'] = this.#details;
    if (this.#calls.length > 0) message['tool_calls'] = this.#calls;
    if (this.rules.tokens && this.#tokens !== undefined) Object.assign(message, this.#tokens);
    this.#seen = false;
    this.#content = this.#refusal = this.#reasoning = '';
    this.#details = [];
    this.#calls = [];
    this.#tokens = undefined;
    return seen ? message : undefined;
  }
}

function toolMessage(entry: ResultEntry, where: string): ChatMessage {
  const { content } = entry;
  if (typeof content !== 'string') {
    const bad = content.find((part) => part.kind !== 'text');
    if (bad !== undefined) {
      throw untranslatable(where, `a tool result in Chat Completions can hold text only, not ${bad.kind}`);
    }
  }
  return { role: 'tool', tool_call_id: entry.callId, content: writeContent(content, where) };
}

function isSystem(entry: Entry): entry is MessageEntry {
  return entry.kind === 'message' && (entry.role === 'system' || entry.role === 'developer');
}

/** `instructions` and the system and developer messages that lead the input, as one text; and how many they are. */
function foldSystem(form: RequestForm): { text: string; count: number } {
  const texts = [form.instructions!];
  let count = 0;
  for (const entry of form.entries) {
    if (!isSystem(entry)) break;
    texts.push(plainText(entry.content));
    count += 1;
  }
  return { text: texts.join('\n\n'), count };
}

/** The `messages` of a Chat request. All adjacent assistant-side entries become one assistant message. */
export function writeMessages(form: RequestForm, rules: MessageRules): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const turn = new AssistantTurn(rules);
  const flush = (): void => {
    const message = turn.take();
    if (message !== undefined) messages.push(message);
  };
  let start = 0;
  if (form.instructions !== undefined) {
    const { text, count } = foldSystem(form);
    messages.push({ role: 'system', content: text });
    start = count;
  }
  for (let i = start; i < form.entries.length; i++) {
    const entry = form.entries[i]!;
    if (entry.kind === 'reasoning') turn.reasoning(entry);
    else if (entry.kind === 'call') turn.call(entry);
    else if (entry.kind === 'message' && entry.role === 'assistant') turn.message(entry);
    else if (entry.kind === 'opaque') {
      throw untranslatable(`input[${i}]`, `an item of type "${entry.type}" has no form in Chat Completions`);
    } else {
      flush();
      if (entry.kind === 'result') messages.push(toolMessage(entry, `input[${i}].output`));
      else messages.push({ role: entry.role, content: writeContent(entry.content, `input[${i}].content`) });
    }
  }
  flush();
  return messages;
}
