import type { Json, JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { StreamFold } from '../../transport/index.js';
import { eventJson, throwToldError } from './event-json.js';

/** Fields of a delta whose pieces make one text. */
const TEXTS = ['content', 'reasoning_content', 'reasoning', 'refusal'];

/** Puts chat completion chunks together to the completion that they tell. */
export class ChatFold implements StreamFold {
  begun = false;
  readonly #head: JsonObject = {};
  readonly #message: JsonObject = { role: 'assistant', content: null };
  readonly #calls: JsonObject[] = [];
  readonly #choice: JsonObject = { index: 0 };
  #finish: Json = null;

  get complete(): boolean {
    return this.#finish !== null;
  }

  push(data: string): void {
    if (data === '[DONE]') return;
    const chunk = eventJson(data);
    throwToldError(chunk);
    for (const [key, value] of Object.entries(chunk)) {
      if (key !== 'choices' && value !== null) this.#head[key] = value;
    }
    const [choice] = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
    if (isObject(choice) && (choice['index'] ?? 0) === 0) this.#take(choice);
  }

  whole(): Json {
    if (this.#calls.length > 0) this.#message['tool_calls'] = this.#calls;
    const choice = { ...this.#choice, message: this.#message, finish_reason: this.#finish };
    return { ...this.#head, object: 'chat.completion', choices: [choice] };
  }

  #take({ delta, finish_reason, ...rest }: JsonObject): void {
    if (isObject(delta)) this.#merge(delta);
    if (typeof finish_reason === 'string') this.#finish = finish_reason;
    if (isObject(rest['logprobs'])) this.#append(this.#choice, 'logprobs', rest['logprobs']);
    if (Array.isArray(rest['token_ids'])) {
      const before = this.#choice['token_ids'];
      this.#choice['token_ids'] = [...(Array.isArray(before) ? before : []), ...rest['token_ids']];
    }
  }

  #merge(delta: JsonObject): void {
    for (const [key, value] of Object.entries(delta)) {
      if (value === null) continue;
      if (TEXTS.includes(key) && typeof value === 'string') {
        if (value !== '') this.begun = true;
        const before = this.#message[key];
        this.#message[key] = (typeof before === 'string' ? before : '') + value;
      } else if (key === 'tool_calls' && Array.isArray(value))
        value.filter(isObject).forEach((piece) => this.#call(piece));
      else if (key === 'reasoning_details' && Array.isArray(value)) {
        const before = this.#message[key];
        this.#message[key] = [...(Array.isArray(before) ? before : []), ...value];
      } else this.#message[key] = value;
    }
  }

  #call(piece: JsonObject): void {
    this.begun = true;
    const { index, id, function: fn } = piece;
    let at = typeof index === 'number' ? index : Math.max(0, this.#calls.length - 1);
    // Some providers give every call the same index: another id is another call.
    const known = this.#calls[at];
    if (known !== undefined && typeof id === 'string' && id !== '' && known['id'] !== id)
      at = this.#calls.length;
    const call = (this.#calls[at] ??= { id: '', type: 'function', function: { name: '', arguments: '' } });
    if (typeof id === 'string' && id !== '') call['id'] = id;
    const target = call['function'] as { name: string; arguments: string };
    if (!isObject(fn)) return;
    if (typeof fn['name'] === 'string') target.name ||= fn['name'];
    if (typeof fn['arguments'] === 'string') target.arguments += fn['arguments'];
  }

  #append(target: JsonObject, key: string, value: JsonObject): void {
    const before = isObject(target[key]) ? target[key] : {};
    const content = [before['content'], value['content']].flatMap((list) =>
      Array.isArray(list) ? list : [],
    );
    target[key] = { ...before, ...value, content };
  }
}
