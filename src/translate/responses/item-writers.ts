import type { Item, JsonObject } from '../../protocol/index.js';
import type { BlockKind, FlowEvent } from '../flow.js';
import type { CallEntry, Part, ReasoningEntry } from '../form.js';
import type { ToolNames } from '../names.js';
import { restoreCall } from '../names.js';
import { writeItem } from './write-items.js';

/** Where the events of items go; sequence numbers are given there. */
export interface Emitter {
  event(type: string, data: JsonObject): void;
  /** A delta: `head` is JSON text up to the delta's value, `tail` what follows it. */
  delta(type: string, head: string, text: string, tail: string): void;
}

/** JSON text of a delta event up to the value of `delta`. */
function deltaHead(type: string, at: JsonObject): string {
  return `${JSON.stringify({ type, ...at }).slice(0, -1)},"delta":`;
}

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
  /** JSON text that every delta of the part begins with. */
  head: string;
}

/** A message: its parts may be open at the same time. */
export class MessageWriter implements ItemWriter {
  finished = false;
  readonly #parts = new Map<number, OpenPart>();

  constructor(
    private readonly emit: Emitter,
    private readonly index: number,
    private readonly id: string,
    private readonly names: ToolNames,
  ) {}

  get busy(): boolean {
    return [...this.#parts.values()].some((part) => part.open);
  }

  added(): void {
    const item = { id: this.id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    this.emit.event('response.output_item.added', { output_index: this.index, item });
  }

  openPart(block: number, kind: 'text' | 'refusal'): void {
    const part: OpenPart = { kind, index: this.#parts.size, text: '', logprobs: [], open: true, head: '' };
    part.head = deltaHead(this.#deltaType(part), this.#at(part));
    this.#parts.set(block, part);
    this.emit.event('response.content_part.added', { ...this.#at(part), part: this.#write(part) });
  }

  push(event: BlockEvent): void {
    const part = this.#parts.get(event.block);
    if (part === undefined || event.type !== 'delta') return;
    part.text += event.text;
    if (event.logprobs !== undefined) part.logprobs.push(...event.logprobs);
    const logprobs = event.logprobs === undefined ? '[]' : JSON.stringify(event.logprobs);
    const tail = part.kind === 'text' ? `,"logprobs":${logprobs}` : '';
    this.emit.delta(this.#deltaType(part), part.head, event.text, tail);
  }

  closePart(block: number): void {
    const part = this.#parts.get(block);
    if (part?.open !== true) return;
    part.open = false;
    const at = this.#at(part);
    if (part.kind === 'refusal') this.emit.event('response.refusal.done', { ...at, refusal: part.text });
    else {
      const logprobs = part.logprobs as JsonObject[];
      this.emit.event('response.output_text.done', { ...at, text: part.text, logprobs });
    }
    this.emit.event('response.content_part.done', { ...at, part: this.#write(part) });
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

  #deltaType(part: OpenPart): string {
    return part.kind === 'text' ? 'response.output_text.delta' : 'response.refusal.delta';
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
  #head = '';

  constructor(
    private readonly emit: Emitter,
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
    this.emit.event('response.output_item.added', { output_index: this.index, item });
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
      this.#head = '';
      const type = raw ? 'response.content_part.added' : 'response.reasoning_summary_part.added';
      this.emit.event(type, { ...this.#at(), part: this.#part('') });
    }
    this.#text += text;
    const type = raw ? 'response.reasoning_text.delta' : 'response.reasoning_summary_text.delta';
    if (this.#head === '') this.#head = deltaHead(type, this.#at());
    this.emit.delta(type, this.#head, text, '');
  }

  #endText(): void {
    const text = this.#text;
    if (text === undefined) return;
    const raw = this.#entry.form === 'raw';
    const done = raw ? 'response.reasoning_text.done' : 'response.reasoning_summary_text.done';
    const part = raw ? 'response.content_part.done' : 'response.reasoning_summary_part.done';
    this.emit.event(done, { ...this.#at(), text });
    this.emit.event(part, { ...this.#at(), part: this.#part(text) });
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
  readonly #deltaType: string;
  readonly #head: string;

  constructor(
    private readonly emit: Emitter,
    private readonly index: number,
    call: Omit<CallEntry, 'kind' | 'arguments'>,
    private readonly names: ToolNames,
  ) {
    this.#entry = { kind: 'call', arguments: '', ...call };
    this.#id = call.id ?? call.callId;
    this.#custom = restoreCall(this.#entry, names).custom === true;
    const kind = this.#custom ? 'custom_tool_call_input' : 'function_call_arguments';
    this.#deltaType = `response.${kind}.delta`;
    this.#head = deltaHead(this.#deltaType, this.#at());
  }

  added(): void {
    const whole = writeItem(this.#entry, this.names, noId) as unknown as JsonObject;
    // A custom tool's input is inside arguments that have only begun.
    const item: JsonObject = { ...whole, status: 'in_progress', ...(this.#custom ? { input: '' } : {}) };
    this.emit.event('response.output_item.added', { output_index: this.index, item });
  }

  push(event: BlockEvent): void {
    if (event.type === 'extra') this.#entry.extra = { ...this.#entry.extra, ...event.extra };
    if (event.type !== 'delta') return;
    this.#entry.arguments += event.text;
    // Sent as a function, the one text of a custom tool can only be told once the arguments are whole.
    if (!this.#custom || this.#entry.custom === true) this.#delta(event.text);
  }

  finish(): void {
    const call = restoreCall(this.#entry, this.names);
    if (this.#custom) {
      if (this.#entry.custom !== true && call.arguments !== '') {
        this.#delta(call.arguments);
      }
      this.emit.event('response.custom_tool_call_input.done', { ...this.#at(), input: call.arguments });
    } else {
      const done = { arguments: call.arguments, name: call.name };
      this.emit.event('response.function_call_arguments.done', { ...this.#at(), ...done });
    }
    this.finished = true;
  }

  item(): Item {
    return writeItem(this.#entry, this.names, noId);
  }

  #delta(text: string): void {
    this.emit.delta(this.#deltaType, this.#head, text, '');
  }

  #at(): JsonObject {
    return { item_id: this.#id, output_index: this.index };
  }
}
