import { isObject, type Json, type JsonObject, type WireDialect } from '../../protocol/index.js';

export interface TokenCount {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a whole reply says of its tokens; null where it says nothing. */
export function usageOf(dialect: WireDialect | null, reply: JsonObject): TokenCount | null {
  const { usage } = reply;
  if (!isObject(usage)) return null;
  if (dialect === 'chat' || dialect === null) {
    return counted(usage['prompt_tokens'], usage['completion_tokens'] ?? 0);
  }
  if (dialect === 'responses') return counted(usage['input_tokens'], usage['output_tokens']);
  // What was read from or written to a cache is not among the input of this dialect.
  const cached = number(usage['cache_read_input_tokens']) + number(usage['cache_creation_input_tokens']);
  const count = counted(usage['input_tokens'], usage['output_tokens']);
  return count === null ? null : { ...count, inputTokens: count.inputTokens + cached };
}

/** Gathers what the events of one stream say of its tokens, and whether it came to its end. */
export class StreamUsage {
  complete = false;
  private messages: JsonObject = {};
  private count: TokenCount | null = null;

  constructor(private readonly dialect: WireDialect) {}

  get usage(): TokenCount | null {
    if (this.dialect !== 'messages') return this.count;
    return usageOf('messages', { usage: this.messages });
  }

  see(data: JsonObject): void {
    if (this.dialect === 'chat') this.seeChat(data);
    else if (this.dialect === 'messages') this.seeMessages(data);
    else this.seeResponses(data);
  }

  private seeChat(data: JsonObject): void {
    this.count = usageOf('chat', data) ?? this.count;
    const choices = Array.isArray(data['choices']) ? data['choices'] : [];
    if (choices.some((choice) => isObject(choice) && typeof choice['finish_reason'] === 'string'))
      this.complete = true;
  }

  private seeMessages(data: JsonObject): void {
    const { message } = data;
    for (const holder of [data, isObject(message) ? message : {}]) {
      const { usage } = holder;
      if (isObject(usage)) this.messages = { ...this.messages, ...usage };
    }
    if (data['type'] === 'message_stop') this.complete = true;
  }

  private seeResponses({ type, response }: JsonObject): void {
    if (!isObject(response)) return;
    this.count = usageOf('responses', response) ?? this.count;
    if (type === 'response.completed' || type === 'response.incomplete') this.complete = true;
  }
}

function counted(input: Json | undefined, output: Json | undefined): TokenCount | null {
  if (typeof input !== 'number' && typeof output !== 'number') return null;
  return { inputTokens: number(input), outputTokens: number(output) };
}

function number(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}
