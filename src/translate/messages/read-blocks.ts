import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { label, untranslatable } from '../failures.js';
import type { CallEntry, Content, Entry, FilePart, Part, ReasoningEntry } from '../form.js';
import { stableId } from '../stable-id.js';
import { inputArguments } from './tool-input.js';

const IMAGE_TYPES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

function readImage(block: JsonObject, where: string): Part {
  const source = isObject(block['source']) ? block['source'] : {};
  if (source['type'] === 'url' && typeof source['url'] === 'string')
    return { kind: 'image', url: source['url'] };
  if (source['type'] === 'base64' && typeof source['data'] === 'string') {
    const media = source['media_type'];
    if (typeof media !== 'string' || !IMAGE_TYPES.has(media)) {
      throw untranslatable(where, `image type ${label(media)} is not jpeg, png, gif or webp`);
    }
    return { kind: 'image', url: `data:${media};base64,${source['data']}`, detail: 'auto' };
  }
  if (source['type'] === 'file')
    throw untranslatable(where, 'an uploaded image is known to its own provider only');
  throw untranslatable(where, 'an image needs a base64 or url source');
}

function readDocument(block: JsonObject, where: string): FilePart {
  const source = isObject(block['source']) ? block['source'] : {};
  const named = typeof block['title'] === 'string' ? { filename: block['title'] } : {};
  const { data, url } = source;
  if (source['type'] === 'base64' && typeof data === 'string') {
    const media = typeof source['media_type'] === 'string' ? source['media_type'] : 'application/pdf';
    return { kind: 'file', data: `data:${media};base64,${data}`, filename: 'document.pdf', ...named };
  }
  if (source['type'] === 'text' && typeof data === 'string') return { kind: 'file', text: data, ...named };
  if (source['type'] === 'url' && typeof url === 'string') return { kind: 'file', url, ...named };
  throw untranslatable(where, `a document source of type ${label(source['type'])} has no form elsewhere`);
}

/** A content block that a message or a tool result can hold. */
export function readPartBlock(block: JsonObject, where: string): Part {
  switch (block['type']) {
    case 'text':
      if (typeof block['text'] !== 'string') throw untranslatable(where, 'a text block needs text');
      return { kind: 'text', text: block['text'] };
    case 'image':
      return readImage(block, where);
    case 'document':
      return readDocument(block, where);
    default:
      throw untranslatable(where, `a block of type ${label(block['type'])} has no form in another dialect`);
  }
}

/** The content of a tool result: text blocks are joined by a line break, as long as there is nothing else. */
export function readResultContent(content: unknown, where: string): Content {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw untranslatable(where, 'must be a string or a list of blocks');
  const parts = content.map((block, i) => {
    if (!isObject(block)) throw untranslatable(`${where}[${i}]`, 'a block must be an object');
    return readPartBlock(block, `${where}[${i}]`);
  });
  return parts.every((part) => part.kind === 'text') ? parts.map((part) => part.text).join('\n') : parts;
}

/** Fields of a block that only another dialect gave it, e.g. Gemini's thought signature. */
function extraContent(block: JsonObject): { extra?: Record<string, unknown> } {
  return block['extra_content'] === undefined ? {} : { extra: { extra_content: block['extra_content'] } };
}

export function readToolUse(block: JsonObject, where: string): CallEntry {
  const { id, name } = block;
  if (typeof id !== 'string' || typeof name !== 'string') {
    throw untranslatable(where, 'a tool_use block needs an id and a name');
  }
  const entry: CallEntry = { kind: 'call', callId: id, name, arguments: inputArguments(block['input']), id };
  return { ...entry, ...extraContent(block) };
}

/** A `thinking` or `redacted_thinking` block, byte-exact. `where` makes its id. */
export function readThinking(block: JsonObject, where: string): ReasoningEntry {
  if (block['type'] === 'redacted_thinking') {
    const data = typeof block['data'] === 'string' ? block['data'] : '';
    const id = stableId('rs_redacted_', data, where);
    return { kind: 'reasoning', texts: [], form: 'summary', signature: data, redacted: true, id };
  }
  const text = typeof block['thinking'] === 'string' ? block['thinking'] : '';
  const signature = block['signature'];
  const entry: ReasoningEntry = { kind: 'reasoning', texts: [text], form: 'summary' };
  if (typeof signature === 'string' && signature !== '') entry.signature = signature;
  return entry;
}

/** The blocks of one message as entries: neighbouring text, images and documents make one message. */
export function readBlocks(
  blocks: readonly unknown[],
  role: 'user' | 'assistant' | 'system',
  where: string,
  into: Entry[],
): void {
  let parts: Part[] = [];
  const flush = (): void => {
    const [only] = parts;
    if (only === undefined) return;
    const content: Content = parts.length === 1 && only.kind === 'text' ? only.text : parts;
    into.push({ kind: 'message', role, content });
    parts = [];
  };
  blocks.forEach((block, i) => {
    const at = `${where}[${i}]`;
    if (!isObject(block)) throw untranslatable(at, 'a block must be an object');
    switch (block['type']) {
      case 'tool_use':
        flush();
        into.push(readToolUse(block, at));
        return;
      case 'tool_result':
        flush();
        if (typeof block['tool_use_id'] !== 'string')
          throw untranslatable(at, 'a tool_result needs a tool_use_id');
        into.push({
          kind: 'result',
          callId: block['tool_use_id'],
          content: readResultContent(block['content'], `${at}.content`),
          ...(block['is_error'] === true ? { isError: true } : {}),
        });
        return;
      case 'thinking':
      case 'redacted_thinking':
        flush();
        into.push(readThinking(block, at));
        return;
      default:
        parts.push(readPartBlock(block, at));
    }
  });
  flush();
}
