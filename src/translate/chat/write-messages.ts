import type { Capability } from '../capabilities/index.js';
import { untranslatable } from '../failures.js';
import type { Entry, MessageEntry, Part, RequestForm, ResultEntry } from '../form.js';
import type { ToolNames } from '../names.js';
import type { TranslateOptions } from '../options.js';
import { repairToolOrder } from '../repair.js';
import { shortCallId } from '../stable-id.js';
import { AssistantTurn } from './assistant-turn.js';
import { plainText, writeContent } from './write-parts.js';

type ChatMessage = Record<string, unknown>;

function isSystem(entry: Entry): entry is MessageEntry {
  return entry.kind === 'message' && (entry.role === 'system' || entry.role === 'developer');
}

/**
 * `instructions` and the system and developer messages that lead the input, as one text; and the entries that
 * are left. With `everywhere`, later ones are folded in too.
 */
function foldSystem(form: RequestForm, entries: readonly Entry[], everywhere: boolean) {
  const texts = form.instructions === undefined ? [] : [form.instructions];
  const rest: Entry[] = [];
  for (const entry of entries) {
    if (isSystem(entry) && (everywhere || rest.length === 0)) texts.push(plainText(entry.content));
    else rest.push(entry);
  }
  return { text: texts.join('\n\n'), folded: texts.length > 0, rest };
}

/** A conversation as Chat messages, being written. */
class MessageWriter {
  readonly messages: ChatMessage[] = [];
  /** Images and files of tool results, which Chat can only hold in a user message after all the results. */
  #media: Part[] = [];
  readonly #turn: AssistantTurn;

  constructor(
    names: ToolNames,
    private readonly capability: Capability,
    private readonly options: TranslateOptions,
  ) {
    this.#turn = new AssistantTurn(names, capability, options);
  }

  add(entry: Entry, where: string): void {
    if (entry.kind !== 'result' && this.#media.length > 0) this.#flushMedia(where);
    if (entry.kind === 'reasoning') this.#turn.reasoning(entry);
    else if (entry.kind === 'call') this.#turn.call(entry);
    else if (entry.kind === 'message' && entry.role === 'assistant') this.#turn.message(entry);
    else if (entry.kind === 'opaque') {
      throw untranslatable(where, `an item of type "${entry.type}" has no form in Chat Completions`);
    } else {
      this.flush();
      if (entry.kind === 'result') this.#result(entry, `${where}.output`);
      else this.#message(entry, `${where}.content`);
    }
  }

  flush(): void {
    const message = this.#turn.take();
    if (message !== undefined) this.messages.push(message);
  }

  end(): ChatMessage[] {
    this.flush();
    if (this.#media.length > 0) this.#flushMedia('input');
    return this.messages;
  }

  #message(entry: MessageEntry, where: string): void {
    const role = entry.role === 'developer' && !this.capability.developerRole ? 'system' : entry.role;
    const content = writeContent(entry.content, where, this.capability);
    const message: ChatMessage = { role, content };
    if (typeof entry.extra?.['name'] === 'string') message['name'] = entry.extra['name'];
    this.messages.push(message);
  }

  #result(entry: ResultEntry, where: string): void {
    const id = shortCallId(entry.callId, this.capability.maxCallId);
    let { content } = entry;
    if (typeof content !== 'string' && !this.capability.toolResultMedia) {
      const media = content.filter((part) => part.kind !== 'text');
      if (media.length > 0) {
        this.#media.push(...media);
        content = content.filter((part) => part.kind === 'text');
        if (content.length === 0) content = '[the result follows as a user message]';
        this.options.onLoss?.({ part: where, reason: 'sent as a user message after the tool results' });
      }
    }
    this.messages.push({
      role: 'tool',
      tool_call_id: id,
      content: writeContent(content, where, this.capability),
    });
  }

  #flushMedia(where: string): void {
    this.messages.push({ role: 'user', content: writeContent(this.#media, where, this.capability) });
    this.#media = [];
  }
}

/** The `messages` of a Chat request. All adjacent assistant-side entries become one assistant message. */
export function writeMessages(
  form: RequestForm,
  names: ToolNames,
  capability: Capability,
  options: TranslateOptions,
): ChatMessage[] {
  const entries =
    capability.toolResults === 'adjacent' ? repairToolOrder(form.entries, options) : form.entries;
  const writer = new MessageWriter(names, capability, options);
  if (form.instructions === undefined && !capability.systemFirst) {
    entries.forEach((entry, i) => writer.add(entry, `input[${i}]`));
    return writer.end();
  }
  const { text, folded, rest } = foldSystem(form, entries, capability.systemFirst);
  if (folded) writer.messages.push({ role: 'system', content: text });
  const skipped = entries.length - rest.length;
  rest.forEach((entry, i) => writer.add(entry, `input[${i + skipped}]`));
  return writer.end();
}
