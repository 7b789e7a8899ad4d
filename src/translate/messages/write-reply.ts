import type { JsonObject } from '../../protocol/index.js';
import type { Content, Entry, ReplyForm, Stop } from '../form.js';
import type { ToolNames } from '../names.js';
import type { TranslateOptions } from '../options.js';
import { writePart, writeToolUse } from './write-blocks.js';
import { writeMessagesUsage } from './usage.js';

const REASONS: Readonly<Record<Stop, string>> = {
  end: 'end_turn',
  tool_calls: 'tool_use',
  length: 'max_tokens',
  context: 'model_context_window_exceeded',
  content_filter: 'refusal',
  refusal: 'refusal',
  stop_sequence: 'stop_sequence',
  pause: 'pause_turn',
};

export function stopReason(stop: Stop): string {
  return REASONS[stop];
}

function writeEntry(entry: Entry, names: ToolNames, options: TranslateOptions): Record<string, unknown>[] {
  switch (entry.kind) {
    case 'message':
      return replyBlocks(entry.content);
    case 'reasoning':
      if (entry.redacted === true) return [{ type: 'redacted_thinking', data: entry.signature ?? '' }];
      // In a reply the signature may be missing: the client reads the text, the API alone checks signatures.
      return entry.texts.length === 0 && entry.signature === undefined
        ? []
        : [{ signature: entry.signature ?? '', thinking: entry.texts.join('\n\n'), type: 'thinking' }];
    case 'call':
      return [writeToolUse(entry, names.fromWire(entry.name)?.name ?? entry.name)];
    case 'opaque':
      if (entry.dialect === 'messages') return [entry.value];
      options.onLoss?.({ part: entry.type, reason: 'the Messages API has no form for it' });
      return [];
    case 'result':
      return [];
  }
}

/** Unlike in a request, a text may be empty here: an answer of nothing is one block, as in the reference. */
function replyBlocks(content: Content): Record<string, unknown>[] {
  if (typeof content === 'string') return [{ text: content, type: 'text' }];
  return content.flatMap((part, i): Record<string, unknown>[] => {
    if (part.kind === 'text' || part.kind === 'refusal') return [{ text: part.text, type: 'text' }];
    const block = writePart(part, `content[${i}]`);
    return block === undefined ? [] : [block];
  });
}

/** A Messages reply, never without a block; usage that is unknown is written as zeros, which the dialect asks for. */
export function writeMessagesReply(
  form: ReplyForm,
  model: string,
  names: ToolNames,
  options: TranslateOptions,
): JsonObject {
  const content = form.entries.flatMap((entry) => writeEntry(entry, names, options)) as JsonObject[];
  return {
    id: options.newId('msg_'),
    type: 'message',
    role: 'assistant',
    model,
    content: content.length > 0 ? content : [{ text: '', type: 'text' }],
    stop_reason: stopReason(form.stop),
    stop_sequence: form.stopSequence ?? null,
    usage: form.usage === null ? { input_tokens: 0, output_tokens: 0 } : writeMessagesUsage(form.usage),
  };
}
