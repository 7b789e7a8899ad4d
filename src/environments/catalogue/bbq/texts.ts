import { CallFailure, isMessage, isObject } from '../../../protocol/index.js';
import type { ResponsesReply, ResponsesRequest } from '../../../protocol/index.js';
import { asLossless, strip, upper, writePython } from '../../../python/index.js';

/** The texts of a message, refusals too, a line each, without white space around them. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return strip(content);
  const parts = (Array.isArray(content) ? content : []).filter(isObject);
  return parts
    .map(({ text, refusal }) => (typeof text === 'string' && text !== '' ? text : refusal))
    .filter((text) => typeof text === 'string')
    .map((text) => strip(text))
    .filter((text) => text !== '')
    .join('\n');
}

/** Everything that was said to the model: each message below the role of its speaker. */
export function askedText({ input }: ResponsesRequest): string {
  if (typeof input === 'string') return strip(input);
  const parts = input.map((item) => {
    const { role, content } = item as { role?: unknown; content?: unknown };
    const text = contentText(content);
    return text === '' ? '' : `${typeof role === 'string' && role !== '' ? upper(role) : 'INPUT'}:\n${text}`;
  });
  return strip(parts.filter((part) => part !== '').join('\n\n'));
}

/** The last message of the assistant that says something, a refusal too. */
export function answerText({ output }: ResponsesReply): string {
  const texts = output
    .filter(isMessage)
    .filter(({ role }) => role === 'assistant')
    .map(({ content }) => contentText(content));
  return texts.findLast((text) => text !== '') ?? '';
}

const SIGNS: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };

/** A value as JSON that cannot close a tag of the prompt around it. */
export const quoted = (value: unknown): string =>
  writePython(asLossless(value), { sorted: true }).replace(/[<>&]/g, (sign) => SIGNS[sign]!);

/** A prompt with its `{{fields}}` filled in: all that there are, and no others. */
export function rendered(template: string, fields: Readonly<Record<string, string>>): string {
  const asked = new Set(Array.from(template.matchAll(/\{\{([A-Za-z_]\w*)\}\}/g), ([, name]) => name!));
  const wrong = [...asked, ...Object.keys(fields)].find(
    (name) => !asked.has(name) || !Object.hasOwn(fields, name),
  );
  if (wrong !== undefined) {
    throw new CallFailure('verify_failed', `The judge's prompt cannot be filled in: its field "${wrong}"`);
  }
  return template.replace(/\{\{([A-Za-z_]\w*)\}\}/g, (_whole, name: string) => fields[name]!);
}
