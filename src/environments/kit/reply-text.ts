import type { Item, MessageItem, ResponsesReply } from '../../protocol/index.js';
import { isMessage, outputText } from '../../protocol/index.js';
import { strip } from '../../python/index.js';

/*
 * The ways in which NeMo Gym's servers read the text of a reply (0.7.0). They give other texts for the same reply, and
 * so other rewards: each environment uses the one that its original uses, and none is a mend of another.
 */

/** Every `output_text` part of every message, with nothing between: the SDK's `output_text`. */
export const allText = (reply: ResponsesReply): string => outputText(reply);

/** As {@link allText}, and a text in place of the parts counts as one. */
export function textOrParts(reply: ResponsesReply): string {
  const texts = reply.output.filter(isMessage).flatMap(({ content }) => {
    if (typeof content === 'string') return [content];
    return (content ?? []).flatMap(({ type, text }) =>
      type === 'output_text' && text !== undefined ? [text] : [],
    );
  });
  return texts.join('');
}

/** As {@link allText}, of messages of the assistant only. */
export const assistantText = (reply: ResponsesReply): string =>
  outputText({ output: reply.output.filter(isAssistant) });

/**
 * As {@link allText}; where that is empty, or a message has a text in place of its parts, every text of every message,
 * with nothing between.
 */
export function anyText(reply: ResponsesReply): string {
  const messages = reply.output.filter(isMessage);
  const text = messages.some(({ content }) => typeof content === 'string') ? '' : outputText(reply);
  return text === '' ? messages.flatMap(textsOf).join('') : text;
}

/** Every part with a text of every item, reasoning and all, a line each. */
export const everyItem = (reply: ResponsesReply): string =>
  reply.output.flatMap((item) => textsOf(item as MessageItem)).join('\n');

/** Every part with a text of every message of the assistant, a line each; white space around all of it is dropped. */
export function assistantLines(reply: ResponsesReply): string {
  return strip(reply.output.filter(isAssistant).flatMap(textsOf).join('\n'));
}

/** As {@link assistantLines}, but only parts of the types `output_text` and `text`, and no empty ones. */
export function assistantTextLines(reply: ResponsesReply): string {
  const texts = reply.output.filter(isAssistant).flatMap((item) => partsOf(item, ['output_text', 'text']));
  return strip(texts.filter((text) => text !== '').join('\n'));
}

/** As {@link assistantLines}, but of messages in parts alone, and without empty texts. */
export function assistantParts(reply: ResponsesReply): string {
  const inParts = reply.output.filter(isAssistant).filter(({ content }) => Array.isArray(content));
  return strip(
    inParts
      .flatMap(textsOf)
      .filter((text) => text !== '')
      .join('\n'),
  );
}

/** Every `output_text` part of every message, whosoever's it is, a line each; white space around is dropped. */
export function outputLines(reply: ResponsesReply): string {
  const parts = reply.output
    .filter((item): item is MessageItem => isMessage(item))
    .flatMap(({ content }) => (Array.isArray(content) ? content : []));
  return strip(
    parts
      .filter(({ type }) => type === 'output_text')
      .map(({ text }) => text ?? '')
      .join('\n'),
  );
}

/**
 * The first part of the last item, and nothing else: empty when that item is no message. Null when the part has no
 * text (a refusal): the original breaks there.
 */
export function lastItemText(reply: ResponsesReply): string | null {
  const item = reply.output.at(-1);
  if (item === undefined || !('content' in item) || !Array.isArray(item.content)) return '';
  const [part] = item.content as readonly { text?: unknown }[];
  if (part === undefined) return '';
  return typeof part.text === 'string' ? part.text : null;
}

/** The last message of the assistant that has a text: its parts, a line each; white space around is dropped. */
export function lastAssistantText(reply: ResponsesReply): string {
  for (const item of reply.output.toReversed()) {
    if (!isAssistant(item)) continue;
    const text = strip(textsOf(item).join('\n'));
    if (text !== '') return text;
  }
  return '';
}

/**
 * The last message of the assistant with a part that has a text, though the text be empty: its parts, a line each;
 * white space around is dropped.
 */
export function lastWrittenText(reply: ResponsesReply): string {
  const written = reply.output.filter(isAssistant).map(textsOf);
  return strip(written.findLast((texts) => texts.length > 0)?.join('\n') ?? '');
}

/** As {@link lastAssistantText}, but the last message of the assistant decides, though it may have no text. */
export function finalAssistantText(reply: ResponsesReply): string {
  const last = reply.output.findLast(isAssistant);
  return last === undefined ? '' : strip(textsOf(last).join('\n'));
}

/**
 * As {@link finalAssistantText}, but only parts of the type `output_text`, and no empty ones; a text in place of the parts
 * counts.
 */
export function finalOutputText(reply: ResponsesReply): string {
  const last = reply.output.findLast(isAssistant);
  if (last === undefined) return '';
  if (typeof last.content === 'string') return strip(last.content);
  const texts = partsOf(last, ['output_text']);
  return strip(texts.filter((text) => text !== '').join('\n'));
}

function isAssistant(item: Item): item is MessageItem {
  return isMessage(item) && item.role === 'assistant';
}

const textsOf = (item: MessageItem): string[] => partsOf(item);

/** The texts of a message; with types, only of parts of those. */
function partsOf({ content }: MessageItem, types?: readonly string[]): string[] {
  // Providers of other dialects give a text in place of the parts.
  if (typeof content === 'string') return types === undefined ? [content] : [];
  if (!Array.isArray(content)) return [];
  return (content as readonly { type?: string; text?: unknown }[]).flatMap(({ type, text }) =>
    typeof text === 'string' && (types === undefined || types.includes(type ?? '')) ? [text] : [],
  );
}
