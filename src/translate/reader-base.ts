import type { JsonObject, SseEvent } from '../protocol/index.js';
import { CallFailure, isObject, parseJson } from '../protocol/index.js';
import { garbage } from './failures.js';
import type { BlockKind, FlowEvent, FlowSink, StreamReader } from './flow.js';
import { MAX_ARGUMENTS } from './flow.js';
import type { Stop, UsageForm } from './form.js';
import { throwInBandError } from './in-band.js';
import { settleStop } from './messages/read-reply.js';

/** What the readers of all dialects share: promises about order, parsing, failing once, limits. */
export abstract class ReaderBase implements StreamReader {
  protected started = false;
  protected stop: Stop | undefined;
  protected stopSequence: string | undefined;
  protected usage: UsageForm | null = null;
  protected hasCalls = false;
  #ended = false;
  #unfinished = false;
  #nextBlock = 0;
  readonly #open = new Map<number, { call: boolean; size: number }>();

  constructor(private readonly sink: FlowSink) {}

  get finishing(): boolean {
    return this.stop !== undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(event: SseEvent): void {
    if (this.#ended) return;
    this.#unfinished = event.unfinished === true;
    this.#guard(() => {
      this.read(event);
    });
  }

  end(): void {
    if (this.#ended) return;
    this.#guard(() => {
      this.over();
    });
  }

  /** One event of the upstream. May throw {@link CallFailure}. */
  protected abstract read(event: SseEvent): void;

  /** The bytes are over without the terminal event. */
  protected over(): void {
    if (this.stop === undefined) throw cut();
    this.settle();
  }

  /** The event's object. Throws `garbage_reply` for bad JSON: text may be missing, so nothing is skipped. */
  protected parse(data: string): JsonObject {
    let body: unknown;
    try {
      body = parseJson(data);
    } catch {
      throw this.#unfinished ? cut() : garbage('an event of the stream is not JSON');
    }
    if (!isObject(body)) throw garbage('an event of the stream is not a JSON object');
    throwInBandError(body);
    return body;
  }

  protected start(event: Omit<Extract<FlowEvent, { type: 'start' }>, 'type'>): void {
    if (this.started) return;
    this.started = true;
    this.sink({ type: 'start', ...event });
  }

  protected open(of: BlockKind): number {
    this.start({});
    const block = this.#nextBlock++;
    if (of.kind === 'call') this.hasCalls = true;
    this.#open.set(block, { call: of.kind === 'call', size: 0 });
    this.sink({ type: 'open', block, of });
    return block;
  }

  protected delta(block: number, text: string, logprobs?: unknown[]): void {
    const state = this.#open.get(block);
    if (state === undefined || (text === '' && logprobs === undefined)) return;
    state.size += text.length;
    if (state.call && state.size > MAX_ARGUMENTS) {
      throw new CallFailure(
        'oversized_reply',
        `the arguments of a tool call are larger than ${MAX_ARGUMENTS}`,
      );
    }
    this.sink(
      logprobs === undefined ? { type: 'delta', block, text } : { type: 'delta', block, text, logprobs },
    );
  }

  /** How much text a block that is open has got. */
  protected size(block: number): number {
    return this.#open.get(block)?.size ?? 0;
  }

  protected emit(event: Extract<FlowEvent, { type: 'signature' | 'extra' | 'next_text' | 'opaque' }>): void {
    this.start({});
    this.sink(event);
  }

  protected close(block: number): void {
    if (this.#open.delete(block)) this.sink({ type: 'close', block });
  }

  protected get anyBlock(): boolean {
    return this.#nextBlock > 0;
  }

  /** The reply is whole: closes what is open, in order, and ends. */
  protected settle(): void {
    if (!this.anyBlock) this.open({ kind: 'text' });
    for (const block of [...this.#open.keys()].sort((a, b) => a - b)) this.close(block);
    if (this.usage !== null) this.sink({ type: 'usage', usage: this.usage });
    const stop = settleStop(this.stop ?? 'end', this.hasCalls);
    this.sink(
      this.stopSequence === undefined
        ? { type: 'stop', stop }
        : { type: 'stop', stop, stopSequence: this.stopSequence },
    );
    this.#ended = true;
    this.sink({ type: 'end' });
  }

  protected fail(failure: CallFailure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.sink({ type: 'fail', failure });
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      this.fail(error.kind === 'untranslatable' ? garbage(error.message) : error);
    }
  }
}

/** The failure of a stream that stopped before it said that it was done. */
export function cut(): CallFailure {
  return new CallFailure('connection_reset', 'the stream ended before the reply was complete', {
    retryable: true,
  });
}
