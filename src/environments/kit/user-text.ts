import { isMessage } from '../../protocol/index.js';
import type { Item, MessageItem, ResponsesRequest } from '../../protocol/index.js';
import { strip } from '../../python/index.js';

/* The ways in which NeMo Gym's servers (0.7.0) read what the user asked, for judges. They are kept apart. */

function usersMessages({ input }: ResponsesRequest): MessageItem[] {
  if (typeof input === 'string') return [];
  return input.filter((item: Item): item is MessageItem => isMessage(item) && item.role === 'user');
}

/** The last message of the user that is one text; messages in parts do not count. "" when there is none. */
export function lastPlainQuestion(request: ResponsesRequest): string {
  const texts = usersMessages(request).map(({ content }) => content);
  return texts.findLast((content): content is string => typeof content === 'string') ?? '';
}

/** The last message of the user that has a text: its parts, a line each. "" when there is none. */
export function lastQuestion(request: ResponsesRequest): string {
  const texts = usersMessages(request).map(({ content }) => {
    if (typeof content === 'string') return content;
    const parts = (content ?? []).flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
    return parts.length === 0 ? undefined : parts.join('\n');
  });
  return texts.findLast((text) => text !== undefined) ?? '';
}

/** The last `input_text` part that there is, or the last message in one text, whichever comes later; "" for none. */
export function lastInputText(request: ResponsesRequest): string {
  const texts = usersMessages(request).map(({ content }) => {
    if (typeof content === 'string') return content;
    return (content ?? []).findLast(({ type }) => type === 'input_text')?.text;
  });
  return strip(texts.findLast((text) => text !== undefined) ?? '');
}
