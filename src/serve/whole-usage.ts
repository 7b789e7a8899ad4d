import { isObject, USAGE_AS_KNOWN, wholeUsage } from '../protocol/index.js';
import type { Json, JsonObject, ReplyStream, WireAnswer } from '../protocol/index.js';
import type { Exchange } from './http/index.js';

/** Whether the client wants usage as it is known, with null where the provider did not say. */
export function wantsKnownUsage({ request }: Exchange): boolean {
  return Object.entries(USAGE_AS_KNOWN).every(([name, value]) => request.headers[name] === value);
}

/** What OpenAI's client libraries for Python want in every reply, and what not saying it means. */
const UNSAID: JsonObject = { parallel_tool_calls: true, tool_choice: 'auto', tools: [] };

/**
 * A Responses answer that has what clients of this dialect need: every number of its usage (see {@link wholeUsage}),
 * and, where it is no stream, how tools were offered.
 */
export function withWholeUsage(answer: WireAnswer): WireAnswer {
  return 'text' in answer ? { text: wholeReply(answer.text) } : { stream: wholeStream(answer.stream) };
}

/** Texts of replies pass as they are unless something is missing in them. */
function wholeReply(text: string): string {
  const lacksWords = Object.keys(UNSAID).some(
    (key) => !text.includes(`"${key}":`) || text.includes(`"${key}":null`),
  );
  if (!lacksWords && !lacksCounts(text)) return text;
  const reply = parsed(text);
  return isObject(reply) && Array.isArray(reply['output']) ? JSON.stringify(withUsage(reply)) : text;
}

/** A whole reply object, likewise. */
export function withUsage(reply: JsonObject): JsonObject {
  const unsaid = Object.entries(UNSAID).filter(([key]) => reply[key] == null);
  const said = { ...reply, ...Object.fromEntries(unsaid) };
  return isObject(reply['usage']) ? { ...said, usage: wholeUsage(reply['usage'])! } : said;
}

const USAGE = /"usage"\s*:\s*\{/;
const UNKNOWN = /"(?:cached|reasoning)_tokens"\s*:\s*null/;
const COUNTS = [/"cached_tokens"\s*:\s*\d/, /"reasoning_tokens"\s*:\s*\d/, /"total_tokens"\s*:\s*\d/];

/** Inside JSON text quotes are escaped, so that no answer of a model can look like this. */
function lacksCounts(text: string): boolean {
  return USAGE.test(text) && (UNKNOWN.test(text) || COUNTS.some((count) => !count.test(text)));
}

/** What is no JSON is no reply, and passes as it came. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** Streams come in whole events; of them only the last one has usage. */
function wholeStream(stream: ReplyStream): ReplyStream {
  return {
    flow: (sink) =>
      stream.flow({
        write: (piece) => sink.write(wholeEvents(piece)),
        end: () => sink.end(),
      }),
    resume: () => stream.resume(),
    abort: () => stream.abort(),
  };
}

function wholeEvents(piece: string | Uint8Array): string | Uint8Array {
  const seen =
    typeof piece === 'string'
      ? piece.includes('"usage"')
      : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).includes('"usage"');
  if (!seen) return piece;
  const text = typeof piece === 'string' ? piece : Buffer.from(piece).toString();
  return lacksCounts(text) ? text.split('\n').map(wholeLine).join('\n') : piece;
}

function wholeLine(line: string): string {
  const data = /^data: ?(.*"usage".*?)(\r?)$/.exec(line);
  if (data === null) return line;
  const event = parsed(data[1]!);
  if (!isObject(event) || !isObject(event['response'])) return line;
  return `data: ${JSON.stringify({ ...event, response: withUsage(event['response']) })}${data[2]!}`;
}
