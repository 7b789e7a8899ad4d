import { isMessage } from '../../../protocol/index.js';
import type {
  ContentPart,
  ReasoningItem,
  ResponsesReply,
  ResponsesRequest,
} from '../../../protocol/index.js';
import { pythonRepr, strip } from '../../../python/index.js';
import type { JudgeMessage } from '../../judge/ask.js';
import { assistantParts } from '../../kit/reply-text.js';

export const TEXT_MODES = ['final_only', 'reasoning_plus_final'] as const;

const BLOCK = /<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/gi;
const UNOPENED = /^[\s\S]*?<\/think(?:ing)?>/i;
const UNCLOSED = /<think(?:ing)?>[\s\S]*$/i;

/** The reply without its thoughts, its thoughts (null when there are none), and what is shown to the safety model. */
export function textsOf(reply: ResponsesReply, mode: (typeof TEXT_MODES)[number]) {
  const written = assistantParts(reply);
  const final = strip(written.replace(BLOCK, '').replace(UNOPENED, '').replace(UNCLOSED, ''));
  const thoughts = reply.output
    .filter((item): item is ReasoningItem => item.type === 'reasoning')
    .flatMap(({ summary }) => summary.map(({ text }) => strip(text)))
    .filter((text) => text !== '');
  const reasoning = thoughts.length === 0 ? null : strip(thoughts.join('\n'));
  if (mode === 'final_only') return { final, reasoning, judged: final };
  const inside = written.search(BLOCK) !== -1 || UNOPENED.test(written);
  const together = inside || reasoning === null ? written : strip(`<think>${reasoning}</think>\n${final}`);
  return { final, reasoning, judged: together };
}

/** The last message of the user as the safety model takes it: one text, before it at most one image; else why not. */
export function userMessage({ input }: ResponsesRequest): JudgeMessage | string {
  const message =
    typeof input === 'string'
      ? { content: input }
      : input.filter((item) => isMessage(item)).findLast(({ role }) => role === 'user');
  if (message === undefined) return 'task input has no user message';
  const { content } = message;
  if (typeof content === 'string') {
    const what = typeof input === 'string' ? 'task input' : 'last user message';
    return strip(content) === '' ? `${what} is empty` : { role: 'user', content: strip(content) };
  }
  const parts = content ?? [];
  const others = parts
    .map(({ type }) => type)
    .filter((type) => type !== 'input_text' && type !== 'input_image');
  if (others.length > 0) {
    const names = pythonRepr([...new Set(others)].sort());
    return `last user message contains unsupported content types: ${names}`;
  }
  const images = parts.filter(({ type }) => type === 'input_image');
  if (images.length > 1) return 'Aegis v4 supports at most one image per request';
  const texts = parts.map(({ text }) => strip(text ?? '')).filter((text) => text !== '');
  if (texts.length === 0) return 'last user message has no text prompt';
  const text: ContentPart = { type: 'input_text', text: texts.join('\n') };
  return { role: 'user', content: [...images, text] };
}
