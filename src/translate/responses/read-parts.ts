import type { JsonObject } from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import { untranslatable } from '../failures.js';
import type { Content, ImagePart, Part } from '../form.js';

function urlOf(value: unknown): string | undefined {
  const url = isObject(value) ? value['url'] : value;
  return typeof url === 'string' && url !== '' ? url : undefined;
}

function readImage(part: JsonObject, where: string): Part {
  const image: ImagePart = { kind: 'image' };
  const url = urlOf(part['image_url']);
  const inner = isObject(part['image_url']) ? part['image_url']['detail'] : undefined;
  const detail = part['detail'] ?? inner;
  if (url !== undefined) image.url = url;
  else if (typeof part['file_id'] === 'string' && part['file_id'] !== '') image.fileId = part['file_id'];
  else throw untranslatable(where, 'input_image needs a non-empty image_url or file_id');
  if (typeof detail === 'string') image.detail = detail;
  return image;
}

function readFile(part: JsonObject, where: string): Part {
  const filename = typeof part['filename'] === 'string' ? { filename: part['filename'] } : {};
  if (typeof part['file_data'] === 'string') return { kind: 'file', data: part['file_data'], ...filename };
  if (typeof part['file_id'] === 'string') return { kind: 'file', fileId: part['file_id'], ...filename };
  if (typeof part['file_url'] === 'string') return { kind: 'file', url: part['file_url'], ...filename };
  throw untranslatable(where, 'input_file needs file_data, file_id or file_url');
}

function readVideo(part: JsonObject, where: string): Part {
  const url = urlOf(part['video_url']) ?? urlOf(part['video']);
  if (url === undefined) throw untranslatable(where, 'input_video needs a non-empty video_url or video');
  return { kind: 'video', url };
}

function readAudio(part: JsonObject, where: string): Part {
  const audio = part['input_audio'];
  if (!isObject(audio) || typeof audio['data'] !== 'string' || typeof audio['format'] !== 'string') {
    throw untranslatable(where, 'input_audio needs {data, format}');
  }
  return { kind: 'audio', data: audio['data'], format: audio['format'] };
}

/** One content part of a Responses message or tool output. Chat spellings are understood too. */
export function readPart(value: unknown, where: string): Part {
  if (!isObject(value)) throw untranslatable(where, 'a content part must be an object');
  const type = value['type'];
  switch (type) {
    case 'input_text':
    case 'output_text':
    case 'text':
    case 'summary_text':
    case 'reasoning_text':
      if (typeof value['text'] !== 'string') throw untranslatable(where, `${type} needs text`);
      return { kind: 'text', text: value['text'] };
    case 'refusal':
      if (typeof value['refusal'] !== 'string') throw untranslatable(where, 'refusal needs refusal');
      return { kind: 'refusal', text: value['refusal'] };
    case 'input_image':
    case 'image_url':
      return readImage(value, where);
    case 'input_file':
      return readFile(value, where);
    case 'file':
      return readFile(isObject(value['file']) ? value['file'] : value, where);
    case 'input_video':
    case 'video_url':
      return readVideo(value, where);
    case 'input_audio':
      return readAudio(value, where);
    default:
      if (typeof type !== 'string') throw untranslatable(where, 'a content part needs a type');
      return { kind: 'opaque', dialect: 'responses', type, value };
  }
}

/** String, list or null content; null is an empty list. */
export function readContent(value: unknown, where: string): Content {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw untranslatable(where, 'content must be a string or a list of parts');
  return value.map((part, i) => readPart(part, `${where}[${i}]`));
}
