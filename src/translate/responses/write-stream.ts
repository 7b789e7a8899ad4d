import type {
  CallFailure,
  Item,
  JsonObject,
  ResponsesReply,
  ResponsesRequest,
} from '../../protocol/index.js';
import { publicMessage } from '../../protocol/index.js';
import type { BlockKind, FlowEvent, StreamWriter } from '../flow.js';
import type { Stop, UsageForm } from '../form.js';
import type { ToolNames } from '../names.js';
import type { WireSink, WriterContext } from '../wire.js';
import type { Emitter, ItemWriter } from './item-writers.js';
import { CallWriter, MessageWriter, ReasoningWriter } from './item-writers.js';
import { creationTime, writeEnvelope } from './write-reply.js';

/**
 * Writes a Responses stream: `created` and `in_progress`, then the items, then exactly one terminal event that
 * repeats every item with the usage. Sequence numbers have no gaps; `output_item.done` comes in the order of
 * `output_index`, however the calls were interleaved upstream.
 */
export class ResponsesStreamWriter implements StreamWriter {
  readonly #items: ItemWriter[] = [];
  readonly #byBlock = new Map<number, ItemWriter>();
  readonly #done: Item[] = [];
  readonly #emitter: Emitter = {
    event: (type, data) => this.#emit(type, data),
    delta: (type, head, text, tail) => this.#emitDelta(type, head, text, tail),
  };
  #message: MessageWriter | undefined;
  #sequence = 0;
  #id = '';
  #createdAt = 0;
  #model = '';
  #usage: UsageForm | null = null;
  #stop: Stop = 'end';

  constructor(
    private readonly sink: WireSink,
    private readonly names: ToolNames,
    private readonly context: WriterContext,
    private readonly request: ResponsesRequest,
  ) {}

  push(event: FlowEvent): void {
    switch (event.type) {
      case 'start':
        this.#start(event);
        return;
      case 'open':
        this.#open(event.block, event.of);
        return;
      case 'close':
        this.#close(event.block);
        return;
      case 'opaque':
        // Whole items of a dialect without a form for them here.
        return;
      case 'usage':
        this.#usage = event.usage;
        return;
      case 'stop':
        this.#stop = event.stop;
        return;
      case 'end':
        this.#end();
        return;
      case 'fail':
        this.#fail(event.failure);
        return;
      default:
        this.#byBlock.get(event.block)?.push(event);
    }
  }

  #emit(type: string, data: JsonObject): void {
    this.sink({ event: type, data: JSON.stringify({ type, ...data, sequence_number: this.#sequence++ }) });
  }

  /** An event that comes with every token: all but its text and number is the same each time. */
  #emitDelta(type: string, head: string, text: string, tail: string): void {
    const data = `${head}${JSON.stringify(text)}${tail},"sequence_number":${this.#sequence++}}`;
    this.sink({ event: type, data });
  }

  #response(status: string, error: JsonObject | null): JsonObject {
    const reply: ResponsesReply = writeEnvelope(
      {
        id: this.#id,
        createdAt: this.#createdAt,
        model: this.#model,
        output: [...this.#done],
        stop: this.#stop,
        usage: this.#usage,
      },
      this.request,
    );
    return { ...reply, status, error } as unknown as JsonObject;
  }

  #start(event: { model?: string; createdAt?: number }): void {
    this.#id = this.context.newId('resp_');
    this.#createdAt = creationTime(this.context.now, event.createdAt);
    this.#model = this.context.model ?? this.request.model ?? event.model ?? '';
    this.#emit('response.created', { response: this.#response('in_progress', null) });
    this.#emit('response.in_progress', { response: this.#response('in_progress', null) });
  }

  #add(item: ItemWriter): void {
    this.#items.push(item);
    item.added();
  }

  #open(block: number, of: BlockKind): void {
    const index = this.#items.length;
    if (of.kind === 'text' || of.kind === 'refusal') {
      if (this.#message === undefined) {
        this.#message = new MessageWriter(this.#emitter, index, this.context.newId('msg_'), this.names);
        this.#add(this.#message);
      }
      this.#byBlock.set(block, this.#message);
      this.#message.openPart(block, of.kind);
      return;
    }
    this.#endMessage();
    const item =
      of.kind === 'reasoning'
        ? new ReasoningWriter(this.#emitter, index, of, this.context.newId, this.names)
        : new CallWriter(this.#emitter, index, of.call, this.names);
    this.#byBlock.set(block, item);
    this.#add(item);
  }

  /** A block of another kind follows: the message takes no more parts, once those it has are closed. */
  #endMessage(): void {
    if (this.#message === undefined || this.#message.busy) return;
    this.#message.finish();
    this.#message = undefined;
    this.#flush();
  }

  #close(block: number): void {
    const item = this.#byBlock.get(block);
    if (item === undefined) return;
    if (item === this.#message) this.#message.closePart(block);
    else item.finish();
    this.#byBlock.delete(block);
    this.#flush();
  }

  /** Items that are finished, as long as all before them are. */
  #flush(): void {
    for (let i = this.#done.length; i < this.#items.length && this.#items[i]!.finished; i++) {
      const item = this.#items[i]!.item();
      this.#done.push(item);
      this.#emit('response.output_item.done', { output_index: i, item: item as unknown as JsonObject });
    }
  }

  #end(): void {
    this.#message?.finish();
    this.#flush();
    const incomplete = ['length', 'context', 'content_filter', 'refusal'].includes(this.#stop);
    const status = incomplete ? 'incomplete' : 'completed';
    this.#emit(`response.${status}`, { response: this.#response(status, null) });
  }

  #fail(failure: CallFailure): void {
    if (this.#id === '') this.#start({});
    this.#stop = 'end';
    const code = failure.kind === 'rate_limited' ? 'rate_limit_exceeded' : 'server_error';
    const error = { code, message: publicMessage(failure) };
    this.#emit('response.failed', { response: this.#response('failed', error) });
  }
}
