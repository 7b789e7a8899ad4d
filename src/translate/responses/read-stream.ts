import type { JsonObject } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';
import type { CallEntry, Entry, Part } from '../form.js';
import { ReaderBase } from '../reader-base.js';
import { readOutputItem, readResponsesStop, readResponsesUsage } from './read-reply-form.js';

interface OpenItem {
  /** Blocks by what they are: `text:0`, `refusal:1`, `reasoning`, `call`. */
  blocks: Map<string, number>;
  done: boolean;
  /** Index of the reasoning text that deltas go to. */
  textIndex: number;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function withoutArguments(entry: CallEntry): Omit<CallEntry, 'kind' | 'arguments'> {
  const { callId, name, custom, namespace, id, extra } = entry;
  return {
    callId,
    name,
    ...(custom === undefined ? {} : { custom }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(id === undefined ? {} : { id }),
    ...(extra === undefined ? {} : { extra }),
  };
}

/** Reads the events of a Responses stream, also of servers that send whole items only. */
export class ResponsesStreamReader extends ReaderBase {
  readonly #items = new Map<number, OpenItem>();
  #refused = false;

  protected read(event: { event?: string | undefined; data: string }): void {
    const data = event.data.trim();
    if (data === '' || data === '[DONE]') return;
    const body = this.parse(data);
    const type = body['type'] ?? event.event;
    const text = typeof body['delta'] === 'string' ? body['delta'] : '';
    switch (type) {
      case 'response.created':
      case 'response.in_progress':
        this.#begin(body['response']);
        return;
      case 'response.output_item.added':
        this.#added(number(body['output_index']), body['item']);
        return;
      case 'response.output_text.delta':
        this.delta(this.#part(body, 'text'), text, this.#logprobs(body));
        return;
      case 'response.refusal.delta':
        this.#refused = true;
        this.delta(this.#part(body, 'refusal'), text);
        return;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        this.#reasoning(body, type, text);
        return;
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        this.#arguments(body, text);
        return;
      case 'response.output_item.done':
        this.#done(number(body['output_index']), body['item']);
        return;
      case 'response.completed':
      case 'response.incomplete':
        this.#terminal(body['response'], type);
        return;
      case 'response.failed':
        throw this.#failure(body['response']);
      default:
      // Events that only repeat what the deltas said, and events that are newer than we are.
    }
  }

  #failure(response: unknown): CallFailure {
    const error = isObject(response) && isObject(response['error']) ? response['error'] : {};
    const message = typeof error['message'] === 'string' ? error['message'] : 'the response failed';
    return new CallFailure('in_band_error', `the provider stopped with an error: ${message}`, {
      retryable: true,
      providerCode: typeof error['code'] === 'string' ? error['code'] : null,
      providerMessage: message,
    });
  }

  #begin(response: unknown): void {
    if (!isObject(response)) return;
    const { id, model, created_at: created } = response;
    this.start({
      ...(typeof id === 'string' ? { id } : {}),
      ...(typeof model === 'string' ? { model } : {}),
      ...(typeof created === 'number' ? { createdAt: Math.floor(created) } : {}),
    });
  }

  #item(index: number): OpenItem {
    let item = this.#items.get(index);
    if (item === undefined) {
      item = { blocks: new Map(), done: false, textIndex: 0 };
      this.#items.set(index, item);
    }
    return item;
  }

  #logprobs(body: JsonObject): unknown[] | undefined {
    const { logprobs } = body;
    return Array.isArray(logprobs) && logprobs.length > 0 ? logprobs : undefined;
  }

  #added(index: number, item: unknown): void {
    const open = this.#item(index);
    if (!isObject(item)) return;
    const custom = item['type'] === 'custom_tool_call';
    if (item['type'] !== 'function_call' && !custom) return;
    const [entry] = readOutputItem({ arguments: '', input: '', ...item }, `output[${index}]`);
    if (entry?.kind !== 'call' || open.blocks.has('call')) return;
    const { arguments: early } = entry;
    const block = this.open({ kind: 'call', call: withoutArguments(entry) });
    open.blocks.set('call', block);
    this.delta(block, early);
  }

  #part(body: JsonObject, kind: 'text' | 'refusal'): number {
    const open = this.#item(number(body['output_index']));
    const key = `${kind}:${number(body['content_index'])}`;
    let block = open.blocks.get(key);
    if (block === undefined) {
      block = this.open({ kind });
      open.blocks.set(key, block);
    }
    return block;
  }

  #reasoning(body: JsonObject, type: string, text: string): void {
    const open = this.#item(number(body['output_index']));
    const raw = type === 'response.reasoning_text.delta';
    const index = number(raw ? body['content_index'] : body['summary_index']);
    let block = open.blocks.get('reasoning');
    if (block === undefined) {
      const id = typeof body['item_id'] === 'string' ? { id: body['item_id'] } : {};
      block = this.open({ kind: 'reasoning', form: raw ? 'raw' : 'summary', ...id });
      open.blocks.set('reasoning', block);
    } else if (index !== open.textIndex) this.emit({ type: 'next_text', block });
    open.textIndex = index;
    this.delta(block, text);
  }

  #arguments(body: JsonObject, text: string): void {
    const block = this.#item(number(body['output_index'])).blocks.get('call');
    if (block !== undefined) this.delta(block, text);
  }

  /** An item is whole: what was not streamed is emitted now. */
  #done(index: number, item: unknown): void {
    const open = this.#item(index);
    if (open.done || !isObject(item)) return;
    open.done = true;
    for (const entry of readOutputItem(item, `output[${index}]`)) this.#complete(entry, open, index);
    for (const block of open.blocks.values()) this.close(block);
  }

  #complete(entry: Entry, open: OpenItem, index: number): void {
    if (entry.kind === 'message') {
      const parts: Part[] =
        typeof entry.content === 'string' ? [{ kind: 'text', text: entry.content }] : entry.content;
      parts.forEach((part, i) => this.#completePart(part, i, index));
    } else if (entry.kind === 'call') {
      const { arguments: args } = entry;
      const block = open.blocks.get('call') ?? this.open({ kind: 'call', call: withoutArguments(entry) });
      open.blocks.set('call', block);
      if (this.size(block) === 0) this.delta(block, args);
    } else if (entry.kind === 'reasoning') {
      this.#completeReasoning(entry, open);
    } else if (entry.kind === 'opaque') {
      this.emit({ type: 'opaque', itemType: entry.type, value: entry.value });
    }
  }

  #completePart(part: Part, i: number, index: number): void {
    if (part.kind !== 'text' && part.kind !== 'refusal') return;
    if (part.kind === 'refusal') this.#refused = true;
    const block = this.#part({ output_index: index, content_index: i }, part.kind);
    if (this.size(block) === 0) this.delta(block, part.text);
  }

  #completeReasoning(entry: Extract<Entry, { kind: 'reasoning' }>, open: OpenItem): void {
    const known = open.blocks.get('reasoning');
    const id = entry.id === undefined ? {} : { id: entry.id };
    const redacted = entry.redacted === true ? { redacted: true } : {};
    const block = known ?? this.open({ kind: 'reasoning', form: entry.form, ...id, ...redacted });
    open.blocks.set('reasoning', block);
    if (this.size(block) === 0) {
      entry.texts.forEach((text, i) => {
        if (i > 0) this.emit({ type: 'next_text', block });
        this.delta(block, text);
      });
    }
    if (entry.signature !== undefined) this.emit({ type: 'signature', block, text: entry.signature });
    if (entry.extra !== undefined) this.emit({ type: 'extra', block, extra: entry.extra });
  }

  #terminal(response: unknown, type: string): void {
    if (!isObject(response)) {
      this.stop = type === 'response.incomplete' ? 'length' : 'end';
    } else {
      this.#begin(response);
      if (Array.isArray(response['output'])) {
        response['output'].forEach((item, i) => {
          this.#done(i, item);
        });
      }
      this.usage = readResponsesUsage(response['usage']);
      const details = response['incomplete_details'];
      const status = type === 'response.incomplete' ? 'incomplete' : response['status'];
      this.stop = readResponsesStop(status, isObject(details) ? details['reason'] : undefined, {
        calls: this.hasCalls,
        refusal: this.#refused,
      });
    }
    this.settle();
  }
}
