import type { JsonObject } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';
import { garbage, label } from '../failures.js';
import type { Entry, MessageEntry, Part, ReplyForm, Stop } from '../form.js';
import { throwInBandError } from '../in-band.js';
import { uniqueIds } from '../unique-ids.js';
import { readThinking, readToolUse } from './read-blocks.js';
import { readMessagesUsage } from './usage.js';

const STOPS: Readonly<Record<string, Stop>> = {
  end_turn: 'end',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'context',
  refusal: 'content_filter',
  stop_sequence: 'stop_sequence',
  pause_turn: 'pause',
};

/** What a stop reason means; words that we do not know mean a plain end. */
export function readStopReason(reason: unknown): Stop {
  const stop = typeof reason === 'string' && Object.hasOwn(STOPS, reason) ? STOPS[reason] : undefined;
  return stop ?? 'end';
}

/** What was assembled decides between a tool stop and a plain one. */
export function settleStop(stop: Stop, calls: boolean): Stop {
  if (stop === 'tool_calls' && !calls) return 'end';
  return stop === 'end' && calls ? 'tool_calls' : stop;
}

/** A text block; citations ride along. */
export function textPart(block: JsonObject): Part {
  const text = typeof block['text'] === 'string' ? block['text'] : '';
  const { citations } = block;
  return Array.isArray(citations) ? { kind: 'text', text, extra: { citations } } : { kind: 'text', text };
}

/** Blocks that we do not model (server tools) are kept as they are: same-dialect clients never see this form. */
function readBlock(block: unknown, where: string, entries: Entry[]): void {
  if (!isObject(block)) throw garbage(`${where} is not an object`);
  switch (block['type']) {
    case 'text': {
      const last = entries.at(-1);
      const part = textPart(block);
      if (last?.kind === 'message' && typeof last.content !== 'string') last.content.push(part);
      else entries.push({ kind: 'message', role: 'assistant', content: [part] });
      return;
    }
    case 'tool_use':
      entries.push(readToolUse(block, where));
      return;
    case 'thinking':
    case 'redacted_thinking':
      entries.push(readThinking(block, where));
      return;
    default:
      entries.push({
        kind: 'opaque',
        dialect: 'messages',
        type: label(block['type']),
        value: block,
      });
  }
}

/** Neighbouring texts of a message as one part, as long as nothing hangs on them. */
function joinTexts(entry: MessageEntry): void {
  const { content } = entry;
  if (typeof content === 'string' || content.length < 2) return;
  if (content.every((part) => part.kind === 'text' && part.extra === undefined)) {
    entry.content = [{ kind: 'text', text: content.map((part) => (part as { text: string }).text).join('') }];
  }
}

/** Reads a whole Messages reply. Throws `garbage_reply` and `in_band_error`. */
export function readMessagesReply(body: unknown): ReplyForm {
  if (!isObject(body)) throw garbage('the body is not a JSON object');
  throwInBandError(body);
  if (!Array.isArray(body['content'])) throw garbage('there is no content');
  const entries: Entry[] = [];
  const unique = uniqueIds();
  try {
    body['content'].forEach((block, i) => {
      readBlock(block, `content[${i}]`, entries);
    });
  } catch (error) {
    throw error instanceof CallFailure && error.kind === 'untranslatable' ? garbage(error.message) : error;
  }
  for (const entry of entries) {
    if (entry.kind === 'message') joinTexts(entry);
    if (entry.kind === 'call') entry.callId = unique(entry.callId);
  }
  if (entries.length === 0) {
    entries.push({ kind: 'message', role: 'assistant', content: [{ kind: 'text', text: '' }] });
  }
  const stop = readStopReason(body['stop_reason']);
  const form: ReplyForm = {
    entries,
    stop: settleStop(
      stop,
      entries.some((entry) => entry.kind === 'call'),
    ),
    usage: readMessagesUsage(body['usage']),
  };
  if (typeof body['id'] === 'string') form.id = body['id'];
  if (typeof body['model'] === 'string') form.model = body['model'];
  if (typeof body['stop_sequence'] === 'string') form.stopSequence = body['stop_sequence'];
  return form;
}
