import type { JsonObject, WireDialect } from '../../protocol/index.js';
import type { Hold } from '../../transport/index.js';
import { ChatFold } from './fold-chat.js';
import { ResponsesFold } from './fold-responses.js';

/** The body that asks for the same as a stream, and what puts the stream together again. */
export function holdOf(body: JsonObject, dialect: WireDialect): Hold {
  if (dialect === 'responses') {
    return { body: JSON.stringify({ ...body, stream: true }), fold: () => new ResponsesFold() };
  }
  const asked = { ...body, stream: true, stream_options: { include_usage: true } };
  return { body: JSON.stringify(asked), fold: () => new ChatFold() };
}
