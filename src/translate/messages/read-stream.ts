import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { garbage } from '../failures.js';
import { ReaderBase } from '../reader-base.js';
import { spacedJson } from './spaced-json.js';
import { readStopReason } from './read-reply.js';
import { readMessagesUsage } from './usage.js';

interface OpenBlock {
  block: number;
  kind: 'text' | 'thinking' | 'redacted' | 'call';
  /** The input that the start event already held, for servers that do not stream it. */
  input?: JsonObject;
}

/** Reads the events of a Messages stream. */
export class MessagesStreamReader extends ReaderBase {
  readonly #blocks = new Map<number, OpenBlock>();
  readonly #opaque = new Map<number, Record<string, unknown>>();
  /** Usage comes in two halves: input at the start, output at the end. */
  #counts: JsonObject = {};

  protected read(event: { event?: string | undefined; data: string }): void {
    if (event.data.trim() === '' || event.data === '[DONE]') return;
    const body = this.parse(event.data);
    const index = typeof body['index'] === 'number' ? body['index'] : 0;
    switch (body['type'] ?? event.event) {
      case 'message_start':
        this.#start(body['message']);
        return;
      case 'content_block_start':
        this.#open(index, body['content_block']);
        return;
      case 'content_block_delta':
        this.#delta(index, body['delta']);
        return;
      case 'content_block_stop':
        this.#close(index);
        return;
      case 'message_delta':
        this.#messageDelta(body);
        return;
      case 'message_stop':
        this.settle();
        return;
      default:
      // Pings and events that are newer than we are.
    }
  }

  #count(usage: unknown): void {
    if (!isObject(usage)) return;
    for (const key in usage) if (usage[key] !== null) this.#counts[key] = usage[key]!;
    this.usage = readMessagesUsage(this.#counts);
  }

  #start(message: unknown): void {
    if (!isObject(message)) throw garbage('message_start has no message');
    this.#count(message['usage']);
    this.start({
      ...(typeof message['id'] === 'string' ? { id: message['id'] } : {}),
      ...(typeof message['model'] === 'string' ? { model: message['model'] } : {}),
      usage: this.usage,
    });
  }

  #open(index: number, value: unknown): void {
    if (!isObject(value)) throw garbage('content_block_start has no block');
    switch (value['type']) {
      case 'text':
        this.#blocks.set(index, { block: this.open({ kind: 'text' }), kind: 'text' });
        this.#grow(index, value['text']);
        return;
      case 'thinking':
        this.#blocks.set(index, {
          block: this.open({ kind: 'reasoning', form: 'summary' }),
          kind: 'thinking',
        });
        this.#grow(index, value['thinking']);
        this.#sign(index, value['signature']);
        return;
      case 'redacted_thinking':
        this.#blocks.set(index, {
          block: this.open({ kind: 'reasoning', form: 'summary', redacted: true }),
          kind: 'redacted',
        });
        this.#sign(index, value['data']);
        return;
      case 'tool_use':
        this.#openCall(index, value);
        return;
      default:
        this.#opaque.set(index, { ...value });
    }
  }

  #openCall(index: number, value: JsonObject): void {
    const { id, name, input } = value;
    if (typeof id !== 'string' || typeof name !== 'string')
      throw garbage('a tool_use block has no id or name');
    const extra =
      value['extra_content'] === undefined ? {} : { extra: { extra_content: value['extra_content'] } };
    const block = this.open({ kind: 'call', call: { callId: id, name, id, ...extra } });
    this.#blocks.set(index, { block, kind: 'call', input: isObject(input) ? input : {} });
  }

  #grow(index: number, text: unknown): void {
    const open = this.#blocks.get(index);
    if (open === undefined) {
      if (!this.#opaque.has(index)) throw garbage('a delta for a block that was never started');
    } else if (typeof text === 'string') this.delta(open.block, text);
  }

  #sign(index: number, signature: unknown): void {
    const open = this.#blocks.get(index);
    if (open === undefined || typeof signature !== 'string' || signature === '') return;
    this.emit({ type: 'signature', block: open.block, text: signature });
  }

  #delta(index: number, delta: unknown): void {
    if (!isObject(delta)) throw garbage('content_block_delta has no delta');
    switch (delta['type']) {
      case 'text_delta':
        this.#grow(index, delta['text']);
        return;
      case 'thinking_delta':
        this.#grow(index, delta['thinking']);
        return;
      case 'input_json_delta':
        this.#grow(index, delta['partial_json']);
        return;
      case 'signature_delta':
        this.#sign(index, delta['signature']);
        return;
      default:
      // Citations and newer kinds: they add to a block that is kept without them.
    }
  }

  #close(index: number): void {
    const open = this.#blocks.get(index);
    const opaque = this.#opaque.get(index);
    if (opaque !== undefined) this.emit({ type: 'opaque', itemType: String(opaque['type']), value: opaque });
    if (open === undefined) return;
    // Arguments that were never streamed stand in the start event, `{}` at the least.
    if (open.kind === 'call' && this.size(open.block) === 0)
      this.delta(open.block, spacedJson(open.input ?? {}));
    this.#blocks.delete(index);
    this.close(open.block);
  }

  #messageDelta(body: JsonObject): void {
    this.#count(body['usage']);
    const delta = body['delta'];
    if (!isObject(delta)) return;
    if (typeof delta['stop_sequence'] === 'string') this.stopSequence = delta['stop_sequence'];
    if (typeof delta['stop_reason'] === 'string') this.stop = readStopReason(delta['stop_reason']);
  }

  protected override settle(): void {
    for (const index of [...this.#blocks.keys()]) this.#close(index);
    super.settle();
  }
}
