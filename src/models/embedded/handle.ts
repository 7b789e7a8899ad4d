import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { idSource, isObject } from '../../protocol/index.js';
import type { JsonObject } from '../../protocol/index.js';
import { openExchange } from '../../translate/index.js';
import type { Answers, EmbeddedReply } from './answers.js';

const MAX_REQUEST_BYTES = 64 * 1024 * 1024;

function refusal(status: number, message: string): EmbeddedReply {
  return { status, text: JSON.stringify({ error: { message, type: 'invalid_request_error', code: null } }) };
}

/** What the embedded provider answers to a request of either dialect. */
export function reply(url: string, text: string, answers: Answers): EmbeddedReply {
  if (url === '/v1/models') return { status: 200, text: '{"object":"list","data":[]}' };
  if (!/^\/v1\/(chat\/completions|responses)$/.test(url)) return refusal(404, `No route ${url}.`);
  try {
    const body = JSON.parse(text) as unknown;
    if (!isObject(body)) return refusal(400, 'The body is not a JSON object.');
    if (!url.endsWith('/responses')) return answers(body);
    const translated = fromChat(body, answers);
    return translated.status === 404 ? answers(body) : translated;
  } catch {
    return refusal(400, 'The body is not JSON.');
  }
}

/** Recordings of Chat answer Responses requests too. */
function fromChat(body: JsonObject, answers: Answers): EmbeddedReply {
  const exchange = openExchange(body, {
    client: 'responses',
    upstream: 'chat',
    usesReasoningParser: true,
    newId: idSource(randomBytes),
  });
  const { status, text } = answers(exchange.body);
  return { status, text: status === 200 ? JSON.stringify(exchange.reply(JSON.parse(text))) : text };
}

/** One request of the embedded provider. */
export function handle(req: IncomingMessage, res: ServerResponse, answers: Answers): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) res.destroy();
    else chunks.push(chunk);
  });
  req.on('error', () => res.destroy());
  req.on('end', () => {
    const { status, text } = reply(req.url ?? '', Buffer.concat(chunks).toString(), answers);
    const body = Buffer.from(text);
    res.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
    res.end(body);
  });
}
