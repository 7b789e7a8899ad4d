import type { JsonObject } from '../../protocol/index.js';
import { writeErrorObject } from '../errors.js';
import type { BlockKind, FlowEvent, StreamWriter } from '../flow.js';
import type { UsageForm } from '../form.js';
import type { ToolNames } from '../names.js';
import { restoreCall } from '../names.js';
import type { WireSink, WriterContext } from '../wire.js';
import { writeChatUsage } from './usage.js';
import { finishReason } from './write-reply.js';

interface Block {
  kind: BlockKind['kind'];
  /** Position among the tool calls. */
  index: number;
  /** A custom tool's arguments have to be whole before its input is known. */
  custom?: { name: string; args: string };
}

/** Writes a Chat Completions stream: one choice, usage on a chunk of its own when asked for, `[DONE]` at the end. */
export class ChatStreamWriter implements StreamWriter {
  readonly #blocks = new Map<number, Block>();
  /** The beginning of every chunk, as JSON text without its closing brace. */
  #head = '{';
  #calls = 0;
  #usage: UsageForm | null = null;
  #finish = 'stop';

  constructor(
    private readonly sink: WireSink,
    private readonly names: ToolNames,
    private readonly context: WriterContext,
    private readonly includeUsage: boolean,
  ) {}

  push(event: FlowEvent): void {
    switch (event.type) {
      case 'start':
        this.#start(event);
        return;
      case 'open':
        this.#open(event.block, event.of);
        return;
      case 'delta':
        this.#delta(event);
        return;
      case 'extra':
        this.#extra(event);
        return;
      case 'close':
        this.#close(event.block);
        return;
      case 'usage':
        this.#usage = event.usage;
        return;
      case 'stop':
        this.#finish = finishReason(event.stop);
        return;
      case 'end':
        this.#end();
        return;
      case 'fail':
        this.sink({ data: JSON.stringify({ error: writeErrorObject('chat', event.failure) }) });
        this.sink({ data: '[DONE]' });
        return;
      default:
      // Signatures, unknown items and text breaks have no form here.
    }
  }

  #chunk(delta: JsonObject, finish: string | null, logprobs?: unknown[]): void {
    const choice: JsonObject = { index: 0, delta, finish_reason: finish };
    if (logprobs !== undefined) choice['logprobs'] = { content: logprobs as JsonObject[], refusal: null };
    this.sink({ data: `${this.#head},"choices":[${JSON.stringify(choice)}]}` });
  }

  #start(event: Extract<FlowEvent, { type: 'start' }>): void {
    const { model, newId, now } = this.context;
    const head = {
      id: newId('chatcmpl-'),
      object: 'chat.completion.chunk',
      created: now === undefined ? (event.createdAt ?? 0) : Math.floor(now() / 1000),
      model: model ?? event.model ?? '',
    };
    this.#head = JSON.stringify(head).slice(0, -1);
    this.#chunk({ role: 'assistant', content: '' }, null);
  }

  #open(id: number, of: BlockKind): void {
    const block: Block = { kind: of.kind, index: this.#calls };
    this.#blocks.set(id, block);
    if (of.kind !== 'call') return;
    this.#calls += 1;
    const call = restoreCall({ kind: 'call', arguments: '', ...of.call }, this.names);
    const head = { index: block.index, id: call.callId };
    const extra = call.extra?.['extra_content'];
    const more: JsonObject = extra === undefined ? {} : { extra_content: extra as JsonObject };
    if (call.custom === true) {
      // Declared as a custom tool: its one text is inside the arguments unless the upstream knows custom tools.
      if (of.call.custom !== true) block.custom = { name: call.name, args: '' };
      const custom = { name: call.name, input: '' };
      this.#chunk({ tool_calls: [{ ...head, type: 'custom', custom, ...more }] }, null);
      block.kind = 'call';
    } else {
      const fn = { name: call.name, arguments: '' };
      this.#chunk({ tool_calls: [{ ...head, type: 'function', function: fn, ...more }] }, null);
    }
  }

  #delta(event: Extract<FlowEvent, { type: 'delta' }>): void {
    const block = this.#blocks.get(event.block);
    if (block === undefined) return;
    if (block.custom !== undefined) block.custom.args += event.text;
    else if (block.kind === 'text') this.#chunk({ content: event.text }, null, event.logprobs);
    else if (block.kind === 'refusal') this.#chunk({ refusal: event.text }, null);
    else if (block.kind === 'reasoning') this.#chunk({ reasoning_content: event.text }, null);
    else this.#chunk({ tool_calls: [{ index: block.index, function: { arguments: event.text } }] }, null);
  }

  #extra(event: Extract<FlowEvent, { type: 'extra' }>): void {
    const block = this.#blocks.get(event.block);
    const details = event.extra['reasoning_details'];
    const content = event.extra['extra_content'];
    if (block?.kind === 'reasoning' && Array.isArray(details)) {
      this.#chunk({ reasoning_details: details as JsonObject[] }, null);
    }
    if (block?.kind === 'call' && content !== undefined) {
      this.#chunk({ tool_calls: [{ index: block.index, extra_content: content as JsonObject }] }, null);
    }
  }

  #close(id: number): void {
    const block = this.#blocks.get(id);
    if (block?.custom === undefined) return;
    const { name, args } = block.custom;
    const call = restoreCall({ kind: 'call', callId: '', name, arguments: args }, this.names);
    this.#chunk({ tool_calls: [{ index: block.index, custom: { input: call.arguments } }] }, null);
  }

  #end(): void {
    this.#chunk({}, this.#finish);
    if (this.includeUsage && this.#usage !== null) {
      this.sink({
        data: `${this.#head},"choices":[],"usage":${JSON.stringify(writeChatUsage(this.#usage))}}`,
      });
    }
    this.sink({ data: '[DONE]' });
  }
}
