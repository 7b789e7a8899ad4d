import { isFunctionCall, isMessage } from '../protocol/index.js';
import type { ResponsesReply, StopReason } from '../protocol/index.js';

type Ended = Pick<ResponsesReply, 'output' | 'usage' | 'incomplete_details'>;

/** What the assistant's messages say: visible text, and whether there is a refusal. */
function said({ output }: Ended): { text: boolean; refusal: boolean } {
  const found = { text: false, refusal: false };
  for (const item of output) {
    if (!isMessage(item) || item.role !== 'assistant') continue;
    const parts =
      typeof item.content === 'string' ? [{ type: 'output_text', text: item.content }] : (item.content ?? []);
    for (const part of parts) {
      if (part.type === 'refusal') found.refusal = true;
      else if (typeof part['text'] !== 'string' || part['text'].trim() !== '') found.text = true;
    }
  }
  return found;
}

/**
 * Why the model's last reply is the end, when it called nothing: `spoken` if it said something. `reply.usage` must be
 * of this reply alone, for a reply that says nothing and has cost no output token is the provider's doing.
 */
export function endingOf(reply: Ended, spoken: StopReason): StopReason {
  const reason = reply.incomplete_details?.reason;
  if (reason === 'content_filter') return 'content_filter';
  if (reply.incomplete_details != null) return 'incomplete';
  const { text, refusal } = said(reply);
  if (text || reply.output.some(isFunctionCall)) return spoken;
  if (refusal) return 'refusal';
  return reply.usage?.output_tokens === 0 ? 'no_tokens' : 'empty';
}
