import { randomBytes } from 'node:crypto';
import { idSource, type JsonObject, type WireDialect } from '../../protocol/index.js';
import { openExchange, wholeAsEvents } from '../../translate/index.js';

const newId = idSource(randomBytes);

/** A whole reply as the text of the stream that the client asked for. */
export function asEvents(dialect: WireDialect, reply: JsonObject, body: JsonObject): string {
  const pieces: string[] = [];
  const exchange = openExchange(body, { client: dialect, upstream: dialect, stream: true, newId });
  const translation = exchange.stream((text) => pieces.push(text));
  for (const event of wholeAsEvents(dialect, reply)) translation.push(event);
  translation.end();
  return pieces.join('');
}
