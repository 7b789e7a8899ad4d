import type { Capability, ReasoningHistory } from '../capabilities/index.js';
import type { CallEntry, MessageEntry, ReasoningEntry, TokenInfo } from '../form.js';
import type { ToolNames } from '../names.js';
import type { TranslateOptions } from '../options.js';
import { shortCallId } from '../stable-id.js';
import { plainText } from './write-parts.js';

type ChatMessage = Record<string, unknown>;

/** Collects adjacent assistant-side entries into one assistant message of a Chat request. */
export class AssistantTurn {
  readonly #history: ReasoningHistory;
  #seen = false;
  #content = '';
  #refusal = '';
  #reasoning = '';
  #details: unknown[] = [];
  #calls: ChatMessage[] = [];
  #tokens: TokenInfo | undefined;

  constructor(
    private readonly names: ToolNames,
    private readonly capability: Capability,
    private readonly options: TranslateOptions,
  ) {
    this.#history = options.reasoningHistory ?? capability.reasoningHistory;
  }

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
    const name = this.names.toWire(entry.name, entry.namespace);
    const raw = entry.custom === true ? JSON.stringify({ input: entry.arguments }) : entry.arguments;
    const args = raw === '' ? this.capability.emptyArguments : raw;
    const id = shortCallId(entry.callId, this.capability.maxCallId);
    const call: ChatMessage = { id, type: 'function', function: { name, arguments: args } };
    // Gemini wants its thought signature back on replayed calls; it rides along as an unknown field.
    const extra = entry.extra ?? this.options.sideStore?.get(entry.callId);
    if (extra?.['extra_content'] !== undefined) call['extra_content'] = extra['extra_content'];
    this.#calls.push(call);
  }

  reasoning(entry: ReasoningEntry): void {
    this.#seen = true;
    this.#tokens = entry.tokens ?? this.#tokens;
    if (this.#history === 'drop' || this.options.acceptReasoning?.(entry) === false) return;
    const details = entry.extra?.['reasoning_details'];
    if (this.#history === 'think_tags') {
      for (const text of entry.texts) if (text !== '') this.#content += `<think>${text}</think>`;
    } else if (this.#history === 'reasoning_details' && Array.isArray(details)) {
      this.#details.push(...(details as unknown[]));
    } else {
      this.#reasoning += entry.texts.join('');
    }
  }

  #write(): ChatMessage {
    // A refusal on its own is what the assistant said; next to text it would be said twice.
    const content = this.#content === '' ? this.#refusal : this.#content;
    const silent = this.#calls.length === 0 && this.capability.emptyAssistant === 'empty_string' ? '' : null;
    const message: ChatMessage = { role: 'assistant', content: content === '' ? silent : content };
    if (this.#reasoning !== '') {
      const history = this.#history;
      if (history === 'reasoning_content' || history === 'both_fields') {
        message['reasoning_content'] = this.#reasoning;
      }
      if (history !== 'reasoning_content') message['reasoning'] = this.#reasoning;
    }
    if (this.#details.length > 0) message['reasoning_details'] = this.#details;
    if (this.#calls.length > 0) message['tool_calls'] = this.#calls;
    if (this.options.tokenIds === true && this.#tokens !== undefined) Object.assign(message, this.#tokens);
    return message;
  }

  /** The message, or undefined when no assistant entry was seen; then starts anew. */
  take(): ChatMessage | undefined {
    const message = this.#seen ? this.#write() : undefined;
    this.#seen = false;
    this.#content = this.#refusal = this.#reasoning = '';
    this.#details = [];
    this.#calls = [];
    this.#tokens = undefined;
    return message;
  }
}
