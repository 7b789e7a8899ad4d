import { describe, expect, it } from 'vitest';
import { countingIds } from '../../src/protocol/index.js';
import type { JsonObject, ResponsesRequest } from '../../src/protocol/index.js';
import { replyFromChat, requestToChat } from '../../src/translate/index.js';
import { conformanceMissing, conformanceRows } from '../support/conformance.js';

interface Row {
  name: string;
  direction: string;
  config?: { uses_reasoning_parser: boolean; model: string };
  input: JsonObject;
  expected: JsonObject;
}

const rows = conformanceRows<Row>('translate', 'reference-corpus.jsonl');
const of = (direction: string): Row[] => rows.filter((row) => row.direction === direction);
const newId = countingIds();

/** What we keep and the reference drops: `strict` of function tools. */
function withoutStrict(body: JsonObject): JsonObject {
  const tools = body['tools'];
  if (!Array.isArray(tools)) return body;
  return {
    ...body,
    tools: tools.map((tool) => {
      const fn = { ...(tool as { function: JsonObject }).function };
      delete fn['strict'];
      return { ...(tool as JsonObject), function: fn };
    }),
  };
}

/** Generated ids as the recorded rows write them. */
function maskIds(reply: object): unknown {
  return JSON.parse(JSON.stringify(reply).replace(/"(resp|msg|rs)_[0-9a-f]{32}"/g, '"$1_*"'));
}

describe.skipIf(conformanceMissing)('conformance with the reference', () => {
  it.each(of('responses_request_to_chat_request').map((row) => [row.name, row] as const))('%s', (_, row) => {
    const body = requestToChat(row.input as unknown as ResponsesRequest, { newId });
    expect(withoutStrict(body)).toEqual(row.expected);
  });

  it.each(of('chat_completion_to_response').map((row) => [row.name, row] as const))('%s', (_, row) => {
    const { request, chat_completion } = row.input;
    const reply = replyFromChat(chat_completion, request as unknown as ResponsesRequest, {
      newId,
      model: row.config!.model,
      usesReasoningParser: row.config!.uses_reasoning_parser,
    });
    expect(maskIds(reply)).toEqual(row.expected);
  });
});
