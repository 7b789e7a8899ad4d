import { label, untranslatable } from '../failures.js';
import type {
  CallEntry,
  Content,
  Entry,
  FilePart,
  ImagePart,
  Part,
  ReasoningEntry,
  ResultEntry,
} from '../form.js';
import type { ToolNames } from '../names.js';
import { toolInput } from './tool-input.js';

type Block = Record<string, unknown>;

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+);base64,([A-Za-z0-9+/]+={0,2})$/;
const IMAGE_TYPES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

function dataUrl(url: string, where: string): { media: string; data: string } {
  const found = DATA_URL.exec(url);
  if (found === null) throw untranslatable(where, 'the data URL is not base64 with a media type');
  return { media: found[1]!.toLowerCase(), data: found[2]! };
}

function writeImage(part: ImagePart, where: string): Block {
  if (part.url === undefined)
    throw untranslatable(where, 'an image file_id is known to its own provider only');
  if (!part.url.startsWith('data:')) return { type: 'image', source: { type: 'url', url: part.url } };
  const { media, data } = dataUrl(part.url, where);
  const type = media === 'image/jpg' ? 'image/jpeg' : media;
  if (!IMAGE_TYPES.has(type))
    throw untranslatable(where, `the Messages API does not take ${label(type)} images`);
  return { source: { data, media_type: type, type: 'base64' }, type: 'image' };
}

function writeFile(part: FilePart, where: string): Block {
  const title = part.filename === undefined ? {} : { title: part.filename };
  if (part.text !== undefined) {
    return {
      type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: part.text },
      ...title,
    };
  }
  if (part.url !== undefined) return { type: 'document', source: { type: 'url', url: part.url }, ...title };
  if (part.data === undefined) throw untranslatable(where, 'a file_id is known to its own provider only');
  const { media, data } = dataUrl(part.data, where);
  if (media === 'text/plain') {
    const text = Buffer.from(data, 'base64').toString('utf8');
    return { type: 'document', source: { type: 'text', media_type: media, data: text }, ...title };
  }
  if (media !== 'application/pdf')
    throw untranslatable(where, `the Messages API does not take ${media} files`);
  return { type: 'document', source: { type: 'base64', media_type: media, data }, ...title };
}

/** One part as a block, or undefined for text that is empty: the API refuses empty text blocks. */
export function writePart(part: Part, where: string): Block | undefined {
  switch (part.kind) {
    case 'text':
    case 'refusal':
      return part.text === '' ? undefined : { text: part.text, type: 'text' };
    case 'image':
      return writeImage(part, where);
    case 'file':
      return writeFile(part, where);
    case 'audio':
    case 'video':
      throw untranslatable(where, `the Messages API has no ${part.kind} input`);
    case 'opaque':
      throw untranslatable(where, `a part of type "${part.type}" has no form in the Messages API`);
  }
}

export function writeContent(content: Content, where: string): Block[] {
  const parts: Part[] = typeof content === 'string' ? [{ kind: 'text', text: content }] : content;
  return parts.flatMap((part, i): Block[] => {
    const block = writePart(part, `${where}[${i}]`);
    return block === undefined ? [] : [block];
  });
}

export function writeToolUse(entry: CallEntry, name: string): Block {
  const block: Block = {
    id: entry.callId,
    input: entry.custom === true ? { input: entry.arguments } : toolInput(entry.arguments),
    name,
    type: 'tool_use',
  };
  if (entry.extra?.['extra_content'] !== undefined) block['extra_content'] = entry.extra['extra_content'];
  return block;
}

/** Thinking that the API would take back: signed or redacted. Unsigned thinking is refused there, so left out. */
export function writeThinkingBlocks(entry: ReasoningEntry): Block[] {
  if (entry.redacted === true) return [{ type: 'redacted_thinking', data: entry.signature ?? '' }];
  if (entry.signature === undefined) return [];
  return [{ signature: entry.signature, thinking: entry.texts.join('\n\n'), type: 'thinking' }];
}

export function writeToolResult(entry: ResultEntry, where: string): Block {
  const block: Block = {
    content: typeof entry.content === 'string' ? entry.content : writeContent(entry.content, where),
    tool_use_id: entry.callId,
    type: 'tool_result',
  };
  if (entry.isError === true) block['is_error'] = true;
  return block;
}

/** The blocks of one assistant-side entry. */
export function writeAssistantEntry(entry: Entry, names: ToolNames, where: string): Block[] {
  switch (entry.kind) {
    case 'message':
      return writeContent(entry.content, `${where}.content`);
    case 'reasoning':
      return writeThinkingBlocks(entry);
    case 'call':
      return [writeToolUse(entry, names.toWire(entry.name, entry.namespace))];
    default:
      return [];
  }
}
