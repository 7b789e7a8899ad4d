import { untranslatable } from '../failures.js';
import type { Content, FilePart, Part } from '../form.js';

function writeFile(part: FilePart, where: string): Record<string, unknown> {
  const file: Record<string, unknown> = {};
  if (part.data !== undefined) file['file_data'] = part.data;
  else if (part.fileId !== undefined) file['file_id'] = part.fileId;
  else if (part.text !== undefined) return { type: 'text', text: part.text };
  else throw untranslatable(where, 'Chat Completions cannot fetch a file by URL; send its data instead');
  if (part.filename !== undefined) file['filename'] = part.filename;
  return { type: 'file', file };
}

/** One content part as Chat Completions writes it; throws `untranslatable` for what it cannot hold. */
export function writePart(part: Part, where: string): Record<string, unknown> {
  switch (part.kind) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'refusal':
      return { type: 'refusal', refusal: part.text };
    case 'image':
      if (part.url === undefined) {
        throw untranslatable(
          where,
          'Chat Completions cannot refer to an image by file_id; send its URL or data',
        );
      }
      return { type: 'image_url', image_url: { url: part.url, detail: part.detail ?? 'auto' } };
    case 'video':
      return { type: 'video_url', video_url: { url: part.url } };
    case 'audio':
      return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
    case 'file':
      return writeFile(part, where);
    case 'opaque':
      if (part.dialect === 'chat') return part.value;
      throw untranslatable(where, `a part of type "${part.type}" has no form in Chat Completions`);
  }
}

export function writeContent(content: Content, where: string): string | Record<string, unknown>[] {
  if (typeof content === 'string') return content;
  return content.map((part, i) => writePart(part, `${where}[${i}]`));
}

/** All text of the content, joined with nothing between. */
export function plainText(content: Content): string {
  if (typeof content === 'string') return content;
  let text = '';
  for (const part of content) if (part.kind === 'text') text += part.text;
  return text;
}
