import { isObject } from '../../../protocol/index.js';
import type { ResponsesReply } from '../../../protocol/index.js';
import { pythonRegex } from '../../../python/index.js';
import { hasChoiceTag } from './read-answer.js';

export const ERROR_MODES = [
  'correct',
  'wrong_answer',
  'refusal',
  'early_termination',
  'malformed_choice',
  'format_violation',
] as const;

const THINK = pythonRegex(String.raw`<\s*think\b[^>]*>`, { ignoreCase: true });
const THINK_END = pythonRegex(String.raw`<\s*/\s*think\s*>`, { ignoreCase: true });
const APOSTROPHE = "(?:'|’)?";
const REFUSAL = pythonRegex(
  [
    String.raw`(?i)(?:i\s*${APOSTROPHE}\s*m\s+sorry[, ]+(?:but\s+)?i\s+(?:can${APOSTROPHE}t|cannot|am\s+unable|won${APOSTROPHE}t)`,
    String.raw`i\s+(?:can${APOSTROPHE}t|cannot)\s+(?:help|assist|comply|provide|answer|do\s+that|continue)`,
    String.raw`i\s+am\s+(?:not\s+able|unable)\s+to\s+(?:help|assist|comply|provide|answer)`,
    String.raw`i\s+won${APOSTROPHE}t\s+be\s+able\s+to\s+(?:help|assist|provide|answer)`,
    String.raw`as\s+an\s+ai(?:\s+language)?\s+model[, ]+i`,
    String.raw`i\s+(?:must|have\s+to|will\s+have\s+to)\s+(?:decline|refuse)`,
    String.raw`i\s+do\s+not\s+feel\s+comfortable)`,
  ].join('|'),
);

function holdsRefusal({ output }: ResponsesReply): boolean {
  return output.some(
    (item) =>
      'content' in item &&
      Array.isArray(item.content) &&
      (item.content as { type?: string }[]).some(({ type }) => type === 'refusal'),
  );
}

function isCutOff(reply: ResponsesReply, text: string): boolean {
  const details = reply['incomplete_details'];
  const reason = isObject(details) ? details['reason'] : undefined;
  if (reply.status === 'incomplete' || reason === 'max_output_tokens') return true;
  if (reply.output.some((item) => (item as { status?: unknown }).status === 'incomplete')) return true;
  return THINK.findAll(text).length > THINK_END.findAll(text).length;
}

/** What became of the answer: read and right or wrong, or why none could be read. */
export function errorMode(
  reply: ResponsesReply,
  text: string,
  answer: string | null,
  expected: string,
): (typeof ERROR_MODES)[number] {
  if (answer !== null) return answer === expected ? 'correct' : 'wrong_answer';
  if (holdsRefusal(reply)) return 'refusal';
  if (isCutOff(reply, text)) return 'early_termination';
  if (REFUSAL.search(text) !== undefined) return 'refusal';
  return hasChoiceTag(text) ? 'malformed_choice' : 'format_violation';
}
