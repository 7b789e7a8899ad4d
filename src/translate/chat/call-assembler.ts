import type { JsonObject } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';
import { garbage } from '../failures.js';
import { uniqueIds } from '../unique-ids.js';
import { isWholeObject } from '../whole-json.js';
import { argumentsText } from './read-reply.js';

/** One call that is being put together from deltas. */
interface Assembly {
  block: number | undefined;
  /** The id as the upstream wrote it. */
  wireId: string | undefined;
  index: number | undefined;
  name: string;
  /** Arguments that came before the name. */
  early: string;
  args: string;
  custom: boolean;
  extra: Record<string, unknown> | undefined;
}

export interface CallSink {
  newId(): string;
  open(call: { callId: string; name: string; custom?: boolean; extra?: Record<string, unknown> }): number;
  delta(block: number, text: string): void;
  extra(block: number, extra: Record<string, unknown>): void;
}

/** More calls than this in one reply are no reply of a model. */
const MAX_CALLS = 4096;

/**
 * Finds out which call each piece of `delta.tool_calls` belongs to. Providers leave the index out, send 0 for
 * all, repeat ids and names, or send several whole calls at once: a new id is a new call, whatever the index.
 */
export class CallAssembler {
  readonly #calls: Assembly[] = [];
  readonly #unique = uniqueIds();

  constructor(private readonly sink: CallSink) {}

  add(value: unknown): void {
    if (!isObject(value)) throw garbage('a piece of a tool call is not an object');
    const custom = isObject(value['custom']) ? value['custom'] : undefined;
    const fn = custom ?? (isObject(value['function']) ? value['function'] : {});
    const name = typeof fn['name'] === 'string' ? fn['name'] : '';
    const args = argumentsText(custom === undefined ? fn['arguments'] : fn['input']);
    const call = this.#find(value, name);
    if (custom !== undefined) call.custom = true;
    this.#name(call, name);
    this.#grow(call, args);
    if (value['extra_content'] !== undefined && value['extra_content'] !== null) {
      call.extra = { extra_content: value['extra_content'] };
      if (call.block !== undefined) this.sink.extra(call.block, call.extra);
    }
    if (call.block === undefined && call.name !== '') this.#open(call);
  }

  /** No more pieces: a call that never got a name is garbage. */
  end(): void {
    if (this.#calls.some((call) => call.block === undefined))
      throw garbage('a tool call has no function name');
  }

  #find(value: JsonObject, name: string): Assembly {
    const id = typeof value['id'] === 'string' && value['id'] !== '' ? value['id'] : undefined;
    const index = typeof value['index'] === 'number' ? value['index'] : undefined;
    const found = id === undefined ? this.#byIndex(index, name) : this.#byId(id, index, name);
    if (found !== undefined) {
      found.wireId ??= id;
      return found;
    }
    if (this.#calls.length >= MAX_CALLS) {
      throw new CallFailure('oversized_reply', `the reply has more than ${MAX_CALLS} tool calls`);
    }
    const call: Assembly = {
      block: undefined,
      wireId: id,
      index,
      name: '',
      early: '',
      args: '',
      custom: false,
      extra: undefined,
    };
    this.#calls.push(call);
    return call;
  }

  #byId(id: string, index: number | undefined, name: string): Assembly | undefined {
    const same = this.#calls.findLast((call) => call.wireId === id);
    if (same === undefined) {
      // The id of a call whose first piece had none.
      const last = this.#calls.findLast((call) => call.index === index);
      return last?.wireId === undefined && last?.block === undefined ? last : undefined;
    }
    // Two different calls under one id: another place, a name again, and the first one is whole.
    const twin = name !== '' && same.index !== index && (same.name !== name || isWholeObject(same.args));
    return twin ? undefined : same;
  }

  #byIndex(index: number | undefined, name: string): Assembly | undefined {
    if (index !== undefined) {
      const known = this.#calls.findLast((call) => call.index === index);
      // A whole call and then a name again under the same index, without an id: the next call.
      if (known !== undefined && name !== '' && isWholeObject(known.args)) return undefined;
      return known ?? (name === '' ? this.#calls.at(-1) : undefined);
    }
    const last = this.#calls.at(-1);
    if (name === '' || last === undefined) return last;
    return last.name === name && last.args !== '' && !isWholeObject(last.args) ? last : undefined;
  }

  #name(call: Assembly, piece: string): void {
    if (piece === '' || call.block !== undefined) return;
    if (call.name !== piece) call.name += piece;
  }

  #grow(call: Assembly, args: string): void {
    if (args === '') return;
    call.args += args;
    if (call.block === undefined) call.early += args;
    else this.sink.delta(call.block, args);
  }

  #open(call: Assembly): void {
    const callId = this.#unique(call.wireId ?? this.sink.newId());
    call.block = this.sink.open({
      callId,
      name: call.name,
      ...(call.custom ? { custom: true } : {}),
      ...(call.extra === undefined ? {} : { extra: call.extra }),
    });
    if (call.early !== '') this.sink.delta(call.block, call.early);
    call.early = '';
  }
}
