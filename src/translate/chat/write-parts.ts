import type { Capability } from '../capabilities/index.js';
import { untranslatable } from '../failures.js';
import type { Content, FilePart, ImagePart, Part } from '../form.js';

type Written = Record<string, unknown>;

function writeFile(part: FilePart, where: string): Written {
  const file: Written = {};
  if (part.text !== undefined) return { type: 'text', text: part.text };
  if (part.data !== undefined) file['file_data'] = part.data;
  else if (part.fileId !== undefined) file['file_id'] = part.fileId;
  else throw untranslatable(where, 'Chat Completions cannot fetch a file by URL; send its data instead');
  if (part.filename !== undefined) file['filename'] = part.filename;
  return { type: 'file', file };
}

function writeImage(part: ImagePart, where: string, capability: Capability): Written {
  if (part.url === undefined) {
    throw untranslatable(where, 'Chat Completions cannot refer to an image by file_id; send its URL or data');
  }
  const detail = capability.imageDetail ? { detail: part.detail ?? 'auto' } : {};
  return { type: 'image_url', image_url: { url: part.url, ...detail } };
}

/** One content part as Chat Completions writes it; throws `untranslatable` for what it cannot hold. */
function writePart(part: Part, where: string, capability: Capability): Written {
  switch (part.kind) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'refusal':
      return { type: 'refusal', refusal: part.text };
    case 'image':
      return writeImage(part, where, capability);
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

export function writeContent(content: Content, where: string, capability: Capability): string | Written[] {
  if (typeof content === 'string') return content;
  return content.map((part, i) => writePart(part, `${where}[${i}]`, capability));
}

/** All text of the content, joined with nothing between. */
export function plainText(content: Content): string {
  if (typeof content === 'string') return content;
  let text = '';
  for (const part of content) if (part.kind === 'text') text += part.text;
  return text;
}
