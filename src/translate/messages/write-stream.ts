import type { JsonObject } from '../../protocol/index.js';
import { writeErrorObject } from '../errors.js';
import type { BlockKind, FlowEvent, StreamWriter } from '../flow.js';
import type { Stop, UsageForm } from '../form.js';
import type { ToolNames } from '../names.js';
import { restoreCall } from '../names.js';
import type { WireSink, WriterContext } from '../wire.js';
import { isWholeObject } from '../whole-json.js';
import { writeMessagesUsage } from './usage.js';
import { stopReason } from './write-reply.js';

interface Block {
  of: BlockKind;
  /** Text that has to wait until another block is closed. */
  waiting: string;
  signature: string;
  args: string;
  started: boolean;
  /** The source has closed it. */
  closed: boolean;
}

/**
 * Writes a Messages stream. Blocks come one after another there: while a call is open, everything that belongs
 * to another block waits until the call is whole; text and thinking give way at once.
 */
export class MessagesStreamWriter implements StreamWriter {
  readonly #blocks = new Map<number, Block>();
  #current: number | undefined;
  #index = -1;
  #usage: UsageForm | null = null;
  #stop: { stop: Stop; sequence: string | null } = { stop: 'end', sequence: null };

  constructor(
    private readonly sink: WireSink,
    private readonly names: ToolNames,
    private readonly context: WriterContext,
  ) {}

  push(event: FlowEvent): void {
    switch (event.type) {
      case 'start':
        this.#start(event);
        return;
      case 'open':
        this.#blocks.set(event.block, {
          of: event.of,
          waiting: '',
          signature: '',
          args: '',
          started: false,
          closed: false,
        });
        if (event.of.kind === 'call') this.#advance(event.block);
        return;
      case 'delta':
        this.#delta(event.block, event.text);
        return;
      case 'signature':
        this.#blocks.get(event.block)!.signature += event.text;
        return;
      case 'next_text':
        this.#delta(event.block, '\n\n');
        return;
      case 'close':
        this.#close(event.block);
        return;
      case 'usage':
        this.#usage = event.usage;
        return;
      case 'stop':
        this.#stop = { stop: event.stop, sequence: event.stopSequence ?? null };
        return;
      case 'end':
        this.#end();
        return;
      case 'fail':
        this.#event('error', { error: writeErrorObject('messages', event.failure) });
        return;
      default:
      // Fields and items that only another dialect has.
    }
  }

  #event(type: string, data: JsonObject): void {
    this.sink({ event: type, data: JSON.stringify({ type, ...data }) });
  }

  #isRedacted(of: BlockKind): boolean {
    return of.kind === 'reasoning' && of.redacted === true;
  }

  #start(event: Extract<FlowEvent, { type: 'start' }>): void {
    // Input counts of other dialects come at the end: the final usage then stands in message_delta.
    const usage = event.usage === undefined || event.usage === null ? null : writeMessagesUsage(event.usage);
    this.#event('message_start', {
      message: {
        id: this.context.newId('msg_'),
        type: 'message',
        role: 'assistant',
        model: this.context.model ?? event.model ?? '',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: usage ?? { input_tokens: 0, output_tokens: 0 },
      },
    });
  }

  /** Makes a block the current one if its turn has come; false while it has to wait. */
  #advance(id: number): boolean {
    if (this.#current === id) return true;
    if (!this.#giveWay()) return false;
    // Blocks that wait already come first, in their order.
    for (const [waiting, block] of this.#blocks) {
      if (waiting >= id) break;
      if (!this.#isDue(block)) continue;
      this.#startBlock(waiting);
      if (!this.#giveWay()) return false;
    }
    this.#startBlock(id);
    return true;
  }

  /** Stops the current block, unless it is a call that is not whole. */
  #giveWay(): boolean {
    if (this.#current === undefined) return true;
    const current = this.#blocks.get(this.#current)!;
    if (current.of.kind === 'call' && !current.closed && !isWholeObject(current.args)) return false;
    this.#stopCurrent();
    return true;
  }

  /** Something of the block waits to be written. */
  #isDue(block: Block): boolean {
    return block.waiting !== '' || (block.of.kind === 'call' && !block.started) || this.#isEmptyText(block);
  }

  /** A text that came and stayed empty is a block all the same, as in a whole reply. */
  #isEmptyText({ of, started, closed }: Block): boolean {
    return closed && !started && (of.kind === 'text' || of.kind === 'refusal');
  }

  #shell({ of, signature }: Block): JsonObject {
    if (of.kind === 'call') {
      const call = restoreCall({ kind: 'call', arguments: '', ...of.call }, this.names);
      const extra = call.extra?.['extra_content'];
      const shell: JsonObject = { type: 'tool_use', id: call.callId, name: call.name, input: {} };
      return extra === undefined ? shell : { ...shell, extra_content: extra as JsonObject };
    }
    if (of.kind !== 'reasoning') return { type: 'text', text: '' };
    if (of.redacted === true) return { type: 'redacted_thinking', data: signature };
    return { type: 'thinking', thinking: '', signature: '' };
  }

  #startBlock(id: number): void {
    const block = this.#blocks.get(id)!;
    block.started = true;
    this.#current = id;
    this.#index += 1;
    this.#event('content_block_start', { index: this.#index, content_block: this.#shell(block) });
    const { waiting } = block;
    block.waiting = '';
    if (waiting !== '') this.#write(block, waiting);
  }

  #write(block: Block, text: string): void {
    const { kind } = block.of;
    if (kind === 'call') block.args += text;
    const delta =
      kind === 'call'
        ? '"input_json_delta","partial_json"'
        : kind === 'reasoning'
          ? '"thinking_delta","thinking"'
          : '"text_delta","text"';
    // Written as text: there is one of these for every token.
    const event = 'content_block_delta';
    const data = `{"type":"${event}","index":${this.#index},"delta":{"type":${delta}:${JSON.stringify(text)}}}`;
    this.sink({ event, data });
  }

  #delta(id: number, text: string): void {
    const block = this.#blocks.get(id)!;
    if (this.#isRedacted(block.of)) return;
    // A call that gave way because it was whole: only white space can follow.
    if (block.of.kind === 'call' && block.started && this.#current !== id) return;
    if (this.#advance(id)) this.#write(block, text);
    else block.waiting += text;
  }

  #stopCurrent(): void {
    const block = this.#blocks.get(this.#current!)!;
    if (block.of.kind === 'reasoning' && block.of.redacted !== true && block.signature !== '') {
      const delta = { type: 'signature_delta', signature: block.signature };
      this.#event('content_block_delta', { index: this.#index, delta });
      block.signature = '';
    }
    this.#event('content_block_stop', { index: this.#index });
    this.#current = undefined;
  }

  #close(id: number): void {
    const block = this.#blocks.get(id)!;
    block.closed = true;
    // A signature without text still is a block: thinking that was not shown.
    const signed = block.of.kind === 'reasoning' && block.signature !== '';
    if ((signed || (this.#isEmptyText(block) && block.waiting === '')) && this.#current !== id)
      this.#advance(id);
    if (this.#current === id) {
      this.#stopCurrent();
      this.#blocks.delete(id);
      this.#startWaiting();
    } else if (block.started && block.waiting === '') this.#blocks.delete(id);
  }

  /** Blocks that waited, in order; the first that is not closed yet stays open. */
  #startWaiting(): void {
    for (const [id, block] of this.#blocks) {
      if (!this.#isDue(block)) continue;
      this.#startBlock(id);
      if (!block.closed) return;
      this.#stopCurrent();
      this.#blocks.delete(id);
    }
  }

  #end(): void {
    if (this.#current !== undefined) this.#stopCurrent();
    if (this.#index === -1) {
      this.#event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
      this.#event('content_block_stop', { index: 0 });
    }
    const usage = this.#usage === null ? { output_tokens: 0 } : writeMessagesUsage(this.#usage);
    this.#event('message_delta', {
      delta: { stop_reason: stopReason(this.#stop.stop), stop_sequence: this.#stop.sequence },
      usage,
    });
    this.#event('message_stop', {});
  }
}
