import type { CallFailure, JsonObject, SseEvent } from '../protocol/index.js';
import { isObject, publicMessage } from '../protocol/index.js';
import { writeErrorObject } from './errors.js';
import type { FlowEvent, FlowSink, StreamReader } from './flow.js';
import type { Dialect } from './form.js';

function parsed(data: string | undefined): JsonObject {
  try {
    const value: unknown = JSON.parse(data ?? '');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/**
 * Same dialect on both sides: events are passed on exactly as they came, fields and events that we do not know
 * included, while a reader of the dialect watches. A stream that is cut or turns to garbage gets the failure
 * event of its dialect; an end marker that the upstream left out is added.
 */
export class Relay implements StreamReader {
  readonly #reader: StreamReader;
  #state: 'running' | 'over' | CallFailure = 'running';
  #first: string | undefined;
  #last: string | undefined;
  #sawDone = false;

  constructor(
    private readonly dialect: Dialect,
    makeReader: (sink: FlowSink) => StreamReader,
    private readonly pass: (event: SseEvent) => void,
    private readonly onFlow: FlowSink,
  ) {
    this.#reader = makeReader((event: FlowEvent) => {
      if (event.type === 'end') this.#state = 'over';
      if (event.type === 'fail') this.#state = event.failure;
      onFlow(event);
    });
  }

  get finishing(): boolean {
    return this.#reader.finishing;
  }

  push(event: SseEvent): void {
    if (typeof this.#state === 'object') return;
    this.#reader.push(event);
    const failure = this.#failure();
    // An error that the upstream tells in its own words is passed on; garbage is not.
    if (failure !== undefined && failure.kind !== 'in_band_error') {
      this.#fail(failure);
      return;
    }
    this.#first ??= event.data;
    this.#last = event.data;
    if (event.data.trim() === '[DONE]') this.#sawDone = true;
    this.pass(event);
  }

  end(): void {
    if (typeof this.#state === 'object') return;
    const before = this.#state;
    this.#reader.end();
    const failure = this.#failure();
    if (failure !== undefined) this.#fail(failure);
    else if (this.dialect === 'chat' && !this.#sawDone) this.pass({ data: '[DONE]' });
    else if (this.dialect === 'messages' && before === 'running') {
      this.pass({ event: 'message_stop', data: '{"type":"message_stop"}' });
    }
  }

  /** Ends the client's stream with a failure that came from outside, e.g. a reset connection. */
  abort(failure: CallFailure): void {
    if (this.#state !== 'running') return;
    this.#state = failure;
    this.#fail(failure);
    this.onFlow({ type: 'fail', failure });
  }

  #failure(): CallFailure | undefined {
    return typeof this.#state === 'object' ? this.#state : undefined;
  }

  #fail(failure: CallFailure): void {
    const error = writeErrorObject(this.dialect, failure);
    if (this.dialect === 'chat') {
      this.pass({ data: JSON.stringify({ error }) });
      this.pass({ data: '[DONE]' });
    } else if (this.dialect === 'messages') {
      this.pass({ event: 'error', data: JSON.stringify({ type: 'error', error }) });
    } else this.#failResponse(failure);
  }

  #failResponse(failure: CallFailure): void {
    const { response } = parsed(this.#first);
    const { sequence_number: last } = parsed(this.#last);
    const type = 'response.failed';
    const error = { code: 'server_error', message: publicMessage(failure) };
    const body = {
      type,
      response: {
        object: 'response',
        output: [],
        ...(isObject(response) ? response : {}),
        status: 'failed',
        error,
      },
      sequence_number: typeof last === 'number' ? last + 1 : 0,
    };
    this.pass({ event: type, data: JSON.stringify(body) });
  }
}
