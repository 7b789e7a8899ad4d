import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { garbage } from '../failures.js';
import type { FlowSink } from '../flow.js';
import { throwErrorStop, throwInBandError } from '../in-band.js';
import type { TranslateOptions } from '../options.js';
import { ReaderBase, cut } from '../reader-base.js';
import { ThinkSplitter } from '../think-splitter.js';
import { CallAssembler } from './call-assembler.js';
import { readContent, readFinishReason, readReasoningField } from './read-reply.js';
import { readChatUsage } from './usage.js';

type Options = Pick<TranslateOptions, 'usesReasoningParser' | 'newId' | 'capability' | 'sideStore'>;

/** Reads the chunks of a Chat Completions stream; the first choice counts. */
export class ChatStreamReader extends ReaderBase {
  #text: number | undefined;
  #refusal: number | undefined;
  #reasoning: number | undefined;
  #details: unknown[] = [];
  readonly #think: ThinkSplitter | undefined;
  readonly #calls: CallAssembler;

  constructor(
    sink: FlowSink,
    private readonly options: Options,
  ) {
    super(sink);
    this.#calls = new CallAssembler({
      newId: () => options.newId('call_'),
      open: (call) => {
        if (call.extra !== undefined) options.sideStore?.set(call.callId, call.extra);
        return this.open({ kind: 'call', call });
      },
      delta: (block, text) => this.delta(block, text),
      extra: (block, extra) => this.emit({ type: 'extra', block, extra }),
    });
    if (options.usesReasoningParser === true) {
      this.#think = new ThinkSplitter({
        text: (text) => this.#addText(text),
        open: () => this.#nextThought(),
        thought: (text) => this.#addReasoning(text),
      });
    }
  }

  protected read(event: { data: string }): void {
    const data = event.data.trim();
    if (data === '') return;
    if (data === '[DONE]') {
      this.#done();
      return;
    }
    const chunk = this.parse(data);
    this.#begin(chunk);
    const usage = readChatUsage(chunk['usage'], this.options.capability);
    if (usage !== null) this.usage = usage;
    const choices = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
    const choice = choices.find((each) => isObject(each) && (each['index'] ?? 0) === 0);
    if (isObject(choice)) this.#choice(choice);
    else if (choices.length === 0 && usage !== null && this.finishing) this.settle();
  }

  protected override settle(): void {
    this.#think?.end();
    this.#calls.end();
    if (this.#reasoning !== undefined && this.#details.length > 0) {
      const extra = { reasoning_details: this.#details };
      this.emit({ type: 'extra', block: this.#reasoning, extra });
    }
    super.settle();
  }

  #begin(chunk: JsonObject): void {
    if (this.started) return;
    const { id, model, created } = chunk;
    this.start({
      ...(typeof id === 'string' ? { id } : {}),
      ...(typeof model === 'string' ? { model } : {}),
      ...(typeof created === 'number' ? { createdAt: created } : {}),
    });
  }

  #done(): void {
    if (this.stop !== undefined) this.settle();
    else if (this.started) throw cut();
    else throw garbage('the stream has no chunks');
  }

  #choice(choice: JsonObject): void {
    throwInBandError(choice);
    // Some servers close with a whole message in place of a delta.
    const delta = choice['delta'] ?? (this.anyBlock ? undefined : choice['message']);
    if (isObject(delta)) this.#delta(delta, choice);
    const reason = choice['finish_reason'];
    if (typeof reason !== 'string' || reason === '') return;
    throwErrorStop(reason);
    this.stop = readFinishReason(reason);
  }

  #delta(delta: JsonObject, choice: JsonObject): void {
    const details = delta['reasoning_details'];
    if (Array.isArray(details) && details.length > 0) {
      this.#details.push(...details);
      this.#reasoning ??= this.open({ kind: 'reasoning', form: 'summary' });
    }
    this.#addReasoning(readReasoningField(delta));
    this.#content(delta['content'], choice);
    const { refusal } = delta;
    if (typeof refusal === 'string' && refusal !== '') {
      this.#refusal ??= this.open({ kind: 'refusal' });
      this.delta(this.#refusal, refusal);
    }
    const calls = delta['tool_calls'];
    if (Array.isArray(calls)) for (const call of calls) this.#calls.add(call);
    else if (isObject(delta['function_call']))
      this.#calls.add({ index: 0, function: delta['function_call'] });
  }

  #content(content: unknown, choice: JsonObject): void {
    if (content === undefined || content === null || content === '') return;
    const { text, thinking } = readContent(content);
    for (const thought of thinking) this.#addReasoning(thought);
    const logprobs = isObject(choice['logprobs']) ? choice['logprobs']['content'] : undefined;
    if (this.#think !== undefined) this.#think.push(text);
    else this.#addText(text, Array.isArray(logprobs) ? logprobs : undefined);
  }

  #addText(text: string, logprobs?: unknown[]): void {
    if (text === '') return;
    this.#text ??= this.open({ kind: 'text' });
    this.delta(this.#text, text, logprobs);
  }

  #addReasoning(text: string): void {
    if (text === '') return;
    this.#reasoning ??= this.open({ kind: 'reasoning', form: 'summary' });
    this.delta(this.#reasoning, text);
  }

  #nextThought(): void {
    if (this.#reasoning === undefined) this.#reasoning = this.open({ kind: 'reasoning', form: 'summary' });
    else this.emit({ type: 'next_text', block: this.#reasoning });
  }
}
