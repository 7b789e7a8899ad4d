import type { Item, JsonObject } from '../../protocol/index.js';
import type { BlockKind, FlowEvent } from '../flow.js';
import type { CallEntry, Part, ReasoningEntry } from '../form.js';
import type { ToolNames } from '../names.js';
import { restoreCall } from '../names.js';
import { writeItem } from './write-items.js';

type Emit = (type: string, data: JsonObject) => void;
type BlockEvent = Extract<FlowEvent, { block: number }>;

/** Writes the events of one output item, from `added` to just before `output_item.done`. */
export interface ItemWriter {
  readonly finished: boolean;
  added(): void;
  push(event: BlockEvent): void;
  finish(): void;
  /** The whole item, once finished. */
  item(): Item;
}

const noId = (prefix: string): string => prefix;

interface OpenPart {
  kind: 'text' | 'refusal';
  index: number;
  text: string;
  logprobs: unknown[];
  open: boolean;
}

/** A message: its parts may be open at the same time. */
export class MessageWriter implements ItemWriter {
  finished = false;
  readonly #parts = new Map<number, OpenPart>();

  constructor(
    private readonly emit: Emit,
    private readonly index: number,
    private readonly id: string,
    private readonly names: ToolNames,
  ) {}

  get busy(): boolean {
    return [...this.#parts.values()].some((part) => part.open);
  }

  added(): void {
    const item = { id: this.id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    this.emit('response.output_item.added', { output_index: this.index, item });
  }

  openPart(block: number, kind: 'text' | 'refusal'): void {
    const part: OpenPart = { kind, index: this.#parts.size, text: '', logprobs: [], open: true };
    this.#parts.set(block, part);
    this.emit('response.content_part.added', { ...this.#at(part), part: this.#write(part) });
  }

  push(event: BlockEvent): void {
    const part = this.#parts.get(event.block);
    if (part === undefined || event.type !== 'delta') return;
    part.text += event.text;
    if (part.kind === 'refusal') {
      this.emit('response.refusal.delta', { ...this.#at(part), delta: event.text });
      return;
    }
    if (event.logprobs !== undefined) part.logprobs.push(...event.logprobs);
    const logprobs = (event.logprobs ?? []) as JsonObject[];
    this.emit('response.output_text.delta', { ...this.#at(part), delta: event.text, logprobs });
  }

  closePart(block: number): void {
    const part = this.#parts.get(block);
    if (part?.open !== true) return;
    part.open = false;
    const at = this.#at(part);
    if (part.kind === 'refusal') this.emit('response.refusal.done', { ...at, refusal: part.text });
    else {
      const logprobs = part.logprobs as JsonObject[];
      this.emit('response.output_text.done', { ...at, text: part.text, logprobs });
    }
    this.emit('response.content_part.done', { ...at, part: this.#write(part) });
  }

  finish(): void {
    for (const block of this.#parts.keys()) this.closePart(block);
    this.finished = true;
  }

  item(): Item {
    const content = [...this.#parts.values()].map((part): Part => {
      if (part.kind === 'refusal') return { kind: 'refusal', text: part.text };
      const logprobs = part.logprobs.length > 0 ? { logprobs: part.logprobs } : {};
      return { kind: 'text', text: part.text, ...logprobs };
    });
    return writeItem({ kind: 'message', role: 'assistant', content, id: this.id }, this.names, noId);
  }

  #at(part: OpenPart): JsonObject {
    return { item_id: this.id, output_index: this.index, content_index: part.index };
  }

  #write(part: OpenPart): JsonObject {
    if (part.kind === 'refusal') return { type: 'refusal', refusal: part.text };
    const logprobs = part.logprobs as JsonObject[];
    return { type: 'output_text', text: part.text, annotations: [], logprobs };
  }
}

/** A reasoning item: summary texts one after another, or the raw text. */
export class ReasoningWriter implements ItemWriter {
  finished = false;
  readonly #entry: ReasoningEntry & { id: string };
  /** The text that grows, or undefined between two. */
  #text: string | undefined;

  constructor(
    private readonly emit: Emit,
    private readonly index: number,
    of: Extract<BlockKind, { kind: 'reasoning' }>,
    newId: (prefix: string) => string,
    private readonly names: ToolNames,
  ) {
    const redacted = of.redacted === true;
    const id = of.id ?? newId(redacted ? 'rs_redacted_' : 'rs_');
    this.#entry = { kind: 'reasoning', texts: [], form: of.form, id, ...(redacted ? { redacted } : {}) };
  }

  added(): void {
    const item = { id: this.#entry.id, type: 'reasoning', summary: [] };
    this.emit('response.output_item.added', { output_index: this.index, item });
  }

  push(event: BlockEvent): void {
    if (event.type === 'delta') this.#delta(event.text);
    else if (event.type === 'next_text') this.#endText();
    else if (event.type === 'signature') this.#entry.signature = (this.#entry.signature ?? '') + event.text;
    else if (event.type === 'extra') this.#entry.extra = { ...this.#entry.extra, ...event.extra };
  }

  finish(): void {
    this.#endText();
    this.finished = true;
  }

  item(): Item {
    return writeItem(this.#entry, this.names, noId);
  }

  #at(): JsonObject {
    const at = { item_id: this.#entry.id, output_index: this.index };
    const n = this.#entry.texts.length;
    return this.#entry.form === 'raw' ? { ...at, content_index: n } : { ...at, summary_index: n };
  }

  #part(text: string): JsonObject {
    return { type: this.#entry.form === 'raw' ? 'reasoning_text' : 'summary_text', text };
  }

  #delta(text: string): void {
    const raw = this.#entry.form === 'raw';
    if (this.#text === undefined) {
      this.#text = '';
      const type = raw ? 'response.content_part.added' : 'response.reasoning_summary_part.added';
      this.emit(type, { ...this.#at(), part: this.#part('') });
    }
    this.#text += text;
    const type = raw ? 'response.reasoning_text.delta' : 'response.reasoning_summary_text.delta';
    this.emit(type, { ...this.#at(), delta: text });
  }

  #endText(): void {
    const text = this.#text;
    if (text === undefined) return;
    const raw = this.#entry.form === 'raw';
    const done = raw ? 'response.reasoning_text.done' : 'response.reasoning_summary_text.done';
    const part = raw ? 'response.content_part.done' : 'response.reasoning_summary_part.done';
    this.emit(done, { ...this.#at(), text });
    this.emit(part, { ...this.#at(), part: this.#part(text) });
    this.#entry.texts.push(text);
    this.#text = undefined;
  }
}

/** A function or custom tool call. */
export class CallWriter implements ItemWriter {
  finished = false;
  readonly #entry: CallEntry;
  readonly #id: string;
  readonly #custom: boolean;

  constructor(
    private readonly emit: Emit,
    private readonly index: number,
    call: Omit<CallEntry, 'kind' | 'arguments'>,
    private readonly names: ToolNames,
  ) {
    this.#entry = { kind: 'call', arguments: '', ...call };
    this.#id = call.id ?? call.callId;
    this.#custom = restoreCall(this.#entry, names).custom === true;
  }

  added(): void {
    const whole = writeItem(this.#entry, this.names, noId) as unknown as JsonObject;
    // A custom tool's input is inside arguments that have only begun.
    const item: JsonObject = { ...whole, status: 'in_progress', ...(this.#custom ? { input: '' } : {}) };
    this.emit('response.output_item.added', { output_index: this.index, item });
  }

  push(event: BlockEvent): void {
    if (event.type === 'extra') this.#entry.extra = { ...this.#entry.extra, ...event.extra };
    if (event.type !== 'delta') return;
    this.#entry.arguments += event.text;
    if (!this.#custom)
      this.emit('response.function_call_arguments.delta', { ...this.#at(), delta: event.text });
    else if (this.#entry.custom === true) {
      this.emit('response.custom_tool_call_input.delta', { ...this.#at(), delta: event.text });
    }
  }

  finish(): void {
    const call = restoreCall(this.#entry, this.names);
    if (this.#custom) {
      // Sent as a function, the one text can only be told once the arguments are whole.
      if (this.#entry.custom !== true && call.arguments !== '') {
        this.emit('response.custom_tool_call_input.delta', { ...this.#at(), delta: call.arguments });
      }
      this.emit('response.custom_tool_call_input.done', { ...this.#at(), input: call.arguments });
    } else {
      const done = { arguments: call.arguments, name: call.name };
      this.emit('response.function_call_arguments.done', { ...this.#at(), ...done });
    }
    this.finished = true;
  }

  item(): Item {
    return writeItem(this.#entry, this.names, noId);
  }

  #at(): JsonObject {
    return { item_id: this.#id, output_index: this.index };
  }
}
