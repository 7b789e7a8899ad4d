import type { CallFailure, ResponsesRequest, SseEvent } from '../protocol/index.js';
import { encodeSse } from '../protocol/index.js';
import { ChatStreamReader } from './chat/read-stream.js';
import { ChatStreamWriter } from './chat/write-stream.js';
import type { FlowEvent, FlowSink, StreamReader, StreamWriter } from './flow.js';
import type { Dialect, UsageForm } from './form.js';
import { MessagesStreamReader } from './messages/read-stream.js';
import { MessagesStreamWriter } from './messages/write-stream.js';
import type { ToolNames } from './names.js';
import type { TranslateOptions } from './options.js';
import { Relay } from './relay.js';
import { ResponsesStreamReader } from './responses/read-stream.js';
import { ResponsesStreamWriter } from './responses/write-stream.js';
import type { WireSink } from './wire.js';

/** A stream on its way from an upstream to a client. Everything is synchronous: what goes in comes out at once. */
export interface StreamTranslation {
  /** One event of the upstream. Never throws for what an upstream sends: the client is told in its dialect. */
  push(event: SseEvent): void;
  /** The upstream closed its stream. */
  end(): void;
  /** The upstream failed outside its stream (reset, timeout): the client's stream ends with that failure. */
  fail(failure: CallFailure): void;
  /** True once something was sent to the client: from then on a failure cannot be hidden by another attempt. */
  readonly started: boolean;
  /** The upstream has said why it stopped; only usage or an end marker may follow, so a wait can be short. */
  readonly finishing: boolean;
  /** How it ended, when it has: `complete`, or the failure. */
  readonly outcome: 'complete' | CallFailure | undefined;
  readonly usage: UsageForm | null;
}

export interface StreamParts {
  upstream: Dialect;
  client: Dialect;
  /** The client's request in Responses terms, echoed in Responses streams. */
  request: ResponsesRequest;
  names: ToolNames;
  /** The client wants usage at the end of a Chat stream. */
  includeUsage: boolean;
  options: TranslateOptions;
}

function reader(dialect: Dialect, sink: FlowSink, options: TranslateOptions): StreamReader {
  if (dialect === 'chat') return new ChatStreamReader(sink, options);
  return dialect === 'messages' ? new MessagesStreamReader(sink) : new ResponsesStreamReader(sink);
}

function writer(parts: StreamParts, sink: WireSink): StreamWriter {
  const { names, options, request } = parts;
  const context = {
    model: options.model ?? request.model ?? undefined,
    newId: options.newId,
    now: options.now,
  };
  if (parts.client === 'chat') return new ChatStreamWriter(sink, names, context, parts.includeUsage);
  if (parts.client === 'messages') return new MessagesStreamWriter(sink, names, context);
  return new ResponsesStreamWriter(sink, names, context, request);
}

/** What the outside may ask about a stream, kept from its flow. */
class Progress {
  started = false;
  ended = false;
  outcome: 'complete' | CallFailure | undefined;
  usage: UsageForm | null = null;

  see(event: FlowEvent): void {
    if (event.type === 'usage') this.usage = event.usage;
    if (event.type === 'end') this.outcome = 'complete';
    if (event.type === 'fail') this.outcome = event.failure;
  }
}

/**
 * Translates one stream. `send` gets each client event as text for the wire, at the moment when its cause
 * arrives.
 */
export function translateStream(
  parts: StreamParts,
  send: (text: string, event: SseEvent) => void,
): StreamTranslation {
  const progress = new Progress();
  const pass = (event: SseEvent): void => {
    progress.started = true;
    send(encodeSse(event), event);
  };
  if (parts.upstream === parts.client) {
    const relay = new Relay(
      parts.client,
      (sink) => reader(parts.upstream, sink, parts.options),
      pass,
      (event) => progress.see(event),
    );
    return attach(progress, relay, (failure) => relay.abort(failure));
  }
  const out = writer(parts, pass);
  const source = reader(
    parts.upstream,
    (event) => {
      progress.see(event);
      out.push(event);
    },
    parts.options,
  );
  return attach(progress, source, (failure) => {
    if (progress.outcome !== undefined) return;
    progress.outcome = failure;
    out.push({ type: 'fail', failure });
  });
}

function attach(
  progress: Progress,
  source: StreamReader,
  fail: (failure: CallFailure) => void,
): StreamTranslation {
  return {
    push: (event) => source.push(event),
    end: () => source.end(),
    fail,
    get started() {
      return progress.started;
    },
    get finishing() {
      return source.finishing;
    },
    get outcome() {
      return progress.outcome;
    },
    get usage() {
      return progress.usage;
    },
  };
}
