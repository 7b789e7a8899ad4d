import { describe, expect, it } from 'vitest';
import { countingIds } from '../../src/protocol/index.js';
import type { JsonObject, ResponsesRequest } from '../../src/protocol/index.js';
import {
  GENERIC,
  openExchange,
  replyForClient,
  replyFromChat,
  requestAsResponses,
  requestToChat,
} from '../../src/translate/index.js';
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

/** The reference writes what is absent as null, or with its default. */
function withoutDefaults(body: JsonObject): JsonObject {
  const defaults: JsonObject = { parallel_tool_calls: true, tool_choice: 'auto' };
  return Object.fromEntries(
    Object.entries(body).filter(
      ([key, value]) =>
        value !== null && value !== defaults[key] && !(Array.isArray(value) && value.length === 0),
    ),
  );
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

  it.each(of('messages_request_to_responses_request').map((row) => [row.name, row] as const))(
    '%s',
    (_, row) => {
      const body = requestAsResponses('messages', row.input, { newId });
      expect(maskIds(body)).toEqual(maskIds(row.expected));
    },
  );
});

interface SuiteRow {
  kind: string;
  behaviour: string;
  config: { uses_reasoning_parser: boolean; return_token_id_information: boolean } | null;
  input: unknown;
  expected: unknown;
}

/** One observed call of the reference's own tests, through our public functions. */
function replay(row: SuiteRow): unknown {
  const input = row.input as JsonObject;
  const parser = row.config?.uses_reasoning_parser === true;
  const tokenIds = row.config?.return_token_id_information === true;
  const args = (input['args'] ?? []) as JsonObject[];
  const kwargs = (input['kwargs'] ?? {}) as JsonObject;
  switch (row.kind) {
    case 'responses_to_chat': {
      const body = requestToChat(row.input as ResponsesRequest, { newId, tokenIds });
      if (!tokenIds) return withoutStrict(body);
      // Asking for the ids is the model server's work in the reference, not the converter's.
      const asked = ['logprobs', 'top_logprobs', 'return_tokens_as_token_ids'];
      return withoutStrict(Object.fromEntries(Object.entries(body).filter(([key]) => !asked.includes(key))));
    }
    case 'assistant_message_to_items': {
      const chat = { choices: [{ finish_reason: 'stop', message: input }] };
      return replyFromChat(chat, { input: [] }, { newId, usesReasoningParser: parser }).output;
    }
    case 'chat_messages_to_items':
      return requestAsResponses('chat', { messages: row.input as JsonObject[] }, { newId }).input;
    case 'chat_request_to_responses_request':
      return withoutDefaults(requestAsResponses('chat', input, { newId }) as unknown as JsonObject);
    case 'chat_to_response':
      return replyFromChat(input['chat_completion'], input['request'] as unknown as ResponsesRequest, {
        newId,
        model: '',
        usesReasoningParser: parser,
      });
    case 'anthropic.anthropic_request_to_responses':
      return requestAsResponses('messages', args[0]!, { newId });
    case 'anthropic.responses_to_anthropic': {
      const thinking = kwargs['thinking_budget_tokens'];
      const extra = kwargs['extra_body'] as JsonObject;
      const { body } = openExchange(kwargs['body'] as JsonObject, {
        client: 'responses',
        upstream: 'messages',
        model: kwargs['model'] as string,
        newId,
        capability: { ...GENERIC, defaultMaxTokens: kwargs['max_tokens'] as number },
        extraBody: {
          ...extra,
          ...(kwargs['thinking'] === null ? {} : { thinking: kwargs['thinking']! }),
          ...(thinking === null ? {} : { thinking: { type: 'enabled', budget_tokens: thinking! } }),
        },
      });
      return {
        ...body,
        ...('tools' in body ? { tools: withoutToolStrict(body['tools'] as JsonObject[]) } : {}),
      };
    }
    case 'anthropic.anthropic_to_responses': {
      const reply = kwargs['anthropic_response'] ?? args[0];
      const request = (kwargs['request_body'] ?? args[1]) as JsonObject;
      const exchange = openExchange(request, {
        client: 'responses',
        upstream: 'messages',
        model: (kwargs['model'] ?? args[2]) as string,
        newId,
      });
      return exchange.reply(reply);
    }
    case 'anthropic.responses_to_anthropic_response':
      return replyForClient('messages', args[0], { model: kwargs['model']! }, { newId });
    default:
      throw new Error(`no replay for ${row.kind}`);
  }
}

function withoutToolStrict(tools: JsonObject[]): JsonObject[] {
  return tools.map((tool) => Object.fromEntries(Object.entries(tool).filter(([key]) => key !== 'strict')));
}

/** Ids and times are generated; absent and null mean the same in these recordings. */
function comparable(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/"(resp|msg|rs)_[0-9a-f]+"/g, '"$1_*"')
    .replace(/"created_at":[\d.]+/g, '"created_at":0');
  return dropNulls(JSON.parse(text));
}

function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, dropNulls(inner)]),
  );
}

/** What we expect of a row after the differences that we mean. */
function expectation(row: SuiteRow): unknown {
  const expected = comparable(row.expected);
  if (row.kind === 'chat_request_to_responses_request') {
    const body = withoutDefaults(expected as JsonObject);
    return { ...body, input: (body['input'] as JsonObject[]).map((item) => ({ ...item, type: 'message' })) };
  }
  if (row.kind !== 'anthropic.anthropic_to_responses') return expected;
  const reply = expected as {
    usage?: Record<string, number> & { input_tokens_details: JsonObject };
  } & JsonObject;
  // Every reply says whether it is complete; cached tokens are part of the input, as the dialect defines it.
  const cached = Number(reply.usage?.input_tokens_details['cached_tokens'] ?? 0);
  const usage =
    reply.usage === undefined
      ? {}
      : {
          usage: {
            ...reply.usage,
            input_tokens: reply.usage['input_tokens']! + cached,
            total_tokens: reply.usage['total_tokens']! + cached,
          },
        };
  return {
    ...reply,
    ...usage,
    status: reply['incomplete_details'] === undefined ? 'completed' : 'incomplete',
  };
}

const suite = conformanceRows<SuiteRow>('translate', 'reference-suite.jsonl');

describe.skipIf(conformanceMissing)("calls observed in the reference's own tests", () => {
  // The recording of the event stream holds the generator object, not what it yields.
  const rowsWithData = suite.filter((row) => row.kind !== 'anthropic.anthropic_response_to_sse');

  it.each(rowsWithData.map((row) => [`${row.kind}: ${row.behaviour}`, row] as const))('%s', (_, row) => {
    expect(comparable(replay(row))).toEqual(expectation(row));
  });
});
