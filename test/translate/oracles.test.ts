import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { countingIds, outputText } from '../../src/protocol/index.js';
import type { CallFailure, JsonObject, ResponsesReply } from '../../src/protocol/index.js';
import type { Dialect } from '../../src/translate/index.js';
import { openExchange, pipeStream } from '../../src/translate/index.js';
import { USAGE_CHUNK, chunk, runStream } from './support.js';

/**
 * The makers' own clients read our streams over a real socket: what they put together has to say the same as
 * our whole reply for the same upstream.
 */

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<JsonObject> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString('utf8')) as JsonObject;
}

/** Bytes in pieces of a size that cuts lines, events and code points. */
async function* inPieces(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

/** A server that speaks a client dialect in front of an upstream that answers with this stream. */
function front(client: Dialect, upstream: Dialect, upstreamText: string): Promise<string> {
  return listen((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const exchange = openExchange(body, {
        client,
        upstream,
        newId: countingIds(),
        now: () => 1_700_000_000_000,
      });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for await (const text of pipeStream(inPieces(upstreamText), exchange)) response.write(text);
      response.end();
    })();
  });
}

const wire = (events: (JsonObject | string)[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');

const call = (index: number, id: string | undefined, name: string | undefined, args: string): JsonObject =>
  chunk({
    tool_calls: [
      {
        index,
        ...(id === undefined ? {} : { id, type: 'function' }),
        function: { ...(name === undefined ? {} : { name }), arguments: args },
      },
    ],
  });

const MIXED: (JsonObject | string)[] = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'why 東' }),
  chunk({ reasoning_content: '京' }),
  chunk({ content: 'hello 😀' }),
  chunk({ content: ' there' }),
  call(0, 'call_a', 'weather', '{"city":'),
  call(1, 'call_b', 'lookup', '{"q":"x'),
  call(0, undefined, undefined, '"Paris"}'),
  call(1, undefined, undefined, 'y"}'),
  chunk({}, 'tool_calls'),
  USAGE_CHUNK,
  '[DONE]',
];
const CUT_SHORT: (JsonObject | string)[] = [
  chunk({ content: 'half an ans' }),
  chunk({}, 'length'),
  USAGE_CHUNK,
  '[DONE]',
];

/** The same answer as a whole Chat reply. */
const WHOLE: JsonObject = {
  id: 'c1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'm',
  choices: [
    {
      index: 0,
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: 'hello 😀 there',
        reasoning_content: 'why 東京',
        tool_calls: [
          { id: 'call_a', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
          { id: 'call_b', type: 'function', function: { name: 'lookup', arguments: '{"q":"xy"}' } },
        ],
      },
    },
  ],
  usage: USAGE_CHUNK['usage']!,
};

const whole = (client: Dialect, body: JsonObject): JsonObject =>
  openExchange(body, { client, upstream: 'chat', newId: countingIds() }).reply(WHOLE);

/** Generated ids differ between a stream and a whole reply. */
const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/"(resp|msg|rs)_[0-9a-f]{32}"/g, '"$1"'));

/** The upstream streams of the three dialects, all saying MIXED. */
function upstreamText(upstream: Dialect): string {
  if (upstream === 'chat') return wire(MIXED);
  return runStream(upstream, 'chat', MIXED).text;
}

describe.each(['chat', 'messages', 'responses'] as const)(
  'a %s upstream, read by the official clients',
  (upstream) => {
    it('OpenAI Responses accumulator', async () => {
      const client = new OpenAI({
        apiKey: 'x',
        baseURL: await front('responses', upstream, upstreamText(upstream)),
        maxRetries: 0,
      });
      const stream = client.responses.stream({ model: 'm', input: 'hi' });
      const response = await stream.finalResponse();
      expect(outputText(response as unknown as ResponsesReply)).toBe('hello 😀 there');
      const expected = whole('responses', { input: 'hi', model: 'm', stream: true });
      const got = response.output.map((item) => JSON.parse(JSON.stringify(item)) as JsonObject);
      const said = got.map((item) => item['arguments'] ?? item['content'] ?? item['summary']);
      expect(got.map((item) => item['type'])).toEqual([
        'reasoning',
        'message',
        'function_call',
        'function_call',
      ]);
      expect((expected['output'] as JsonObject[]).map((item) => item['type'])).toEqual(
        got.map((item) => item['type']),
      );
      expect(said.slice(2)).toEqual(['{"city":"Paris"}', '{"q":"xy"}']);
      expect(response.usage).toMatchObject({ input_tokens: 11, output_tokens: 5, total_tokens: 16 });
      expect(response.status).toBe('completed');
    });

    it('OpenAI Chat stream helper', async () => {
      const client = new OpenAI({
        apiKey: 'x',
        baseURL: await front('chat', upstream, upstreamText(upstream)),
        maxRetries: 0,
      });
      const stream = client.chat.completions.stream({
        model: 'm',
        messages: [{ role: 'user', content: 'hi' }],
        stream_options: { include_usage: true },
      });
      const completion = await stream.finalChatCompletion();
      const [choice] = completion.choices;
      expect(choice!.finish_reason).toBe('tool_calls');
      expect(choice!.message.content).toBe('hello 😀 there');
      expect(choice!.message.tool_calls).toMatchObject([
        { id: 'call_a', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
        { id: 'call_b', function: { name: 'lookup', arguments: '{"q":"xy"}' } },
      ]);
      expect(completion.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 5 });
    });

    it('Anthropic MessageStream', async () => {
      const client = new Anthropic({
        apiKey: 'x',
        baseURL: await front('messages', upstream, upstreamText(upstream)),
        maxRetries: 0,
      });
      const stream = client.messages.stream({
        model: 'm',
        max_tokens: 50,
        messages: [{ role: 'user', content: 'hi' }],
      });
      const message = await stream.finalMessage();
      const expected = whole('messages', { model: 'm', max_tokens: 50, messages: [] });
      expect(JSON.parse(JSON.stringify(message.content))).toEqual(expected['content']);
      expect(message.stop_reason).toBe('tool_use');
      expect(message.usage).toMatchObject({ input_tokens: 11, output_tokens: 5 });
    });
  },
);

describe('streams and whole replies agree', () => {
  it('the terminal Responses event is the whole reply', async () => {
    const body = { input: 'hi', model: 'm', tools: [] };
    const exchange = openExchange(body, { client: 'responses', upstream: 'chat', newId: countingIds() });
    let text = '';
    for await (const piece of pipeStream(inPieces(wire(MIXED)), exchange)) text += piece;
    const last = text.trimEnd().split('\n').at(-1)!.slice('data: '.length);
    const { response } = JSON.parse(last) as JsonObject;
    expect(withoutIds(response)).toEqual(withoutIds(whole('responses', body)));
  });

  it.each(['openai', 'anthropic'])(
    'a reply cut by its limit is incomplete for the %s client',
    async (sdk) => {
      if (sdk === 'openai') {
        const client = new OpenAI({
          apiKey: 'x',
          baseURL: await front('responses', 'chat', wire(CUT_SHORT)),
          maxRetries: 0,
        });
        const events: string[] = [];
        for await (const event of await client.responses.create({ model: 'm', input: 'hi', stream: true }))
          events.push(event.type);
        expect(events.at(-1)).toBe('response.incomplete');
      } else {
        const client = new Anthropic({
          apiKey: 'x',
          baseURL: await front('messages', 'chat', wire(CUT_SHORT)),
          maxRetries: 0,
        });
        const stream = client.messages.stream({
          model: 'm',
          max_tokens: 5,
          messages: [{ role: 'user', content: 'hi' }],
        });
        expect((await stream.finalMessage()).stop_reason).toBe('max_tokens');
      }
    },
  );

  it('case 46: a cut stream is an error for every official client', async () => {
    const cut = wire(MIXED.slice(0, 5));
    const openai = new OpenAI({ apiKey: 'x', baseURL: await front('chat', 'chat', cut), maxRetries: 0 });
    const chat = openai.chat.completions.stream({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
    await expect(chat.finalChatCompletion()).rejects.toThrow(/ended before/);
    const anthropic = new Anthropic({
      apiKey: 'x',
      baseURL: await front('messages', 'chat', cut),
      maxRetries: 0,
    });
    const messages = anthropic.messages.stream({
      model: 'm',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'hi' }],
    });
    await expect(messages.finalMessage()).rejects.toThrow(/ended before/);
    const responses = new OpenAI({
      apiKey: 'x',
      baseURL: await front('responses', 'chat', cut),
      maxRetries: 0,
    });
    const types: string[] = [];
    for await (const event of await responses.responses.create({ model: 'm', input: 'hi', stream: true }))
      types.push(event.type);
    expect(types.at(-1)).toBe('response.failed');
  });
});

describe('case 59: the client hangs up', () => {
  it('the upstream request is aborted', async () => {
    let upstreamClosed: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => (upstreamClosed = resolve));
    const upstream = await listen((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(wire([chunk({ content: 'first' })]));
      response.on('close', () => upstreamClosed?.());
    });
    const gateway = await listen((request, response) => {
      void (async () => {
        const exchange = openExchange(await bodyOf(request), {
          client: 'responses',
          upstream: 'chat',
          newId: countingIds(),
        });
        const abort = new AbortController();
        response.on('close', () => abort.abort());
        const reply = await fetch(upstream, { signal: abort.signal });
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for await (const text of pipeStream(reply.body!, exchange)) response.write(text);
        response.end();
      })();
    });
    const hangUp = new AbortController();
    const reply = await fetch(gateway, {
      method: 'POST',
      body: '{"input":"hi","stream":true}',
      signal: hangUp.signal,
    });
    const reader = reply.body!.getReader();
    const first = await reader.read();
    expect(new TextDecoder().decode(first.value)).toContain('response.created');
    hangUp.abort();
    await closed;
  });

  it('a consumer that stops closes the source', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          await Promise.resolve();
          yield Buffer.from(wire([chunk({ content: 'x' })]));
        }
      } finally {
        closed = true;
      }
    }
    const exchange = openExchange(
      { input: 'hi' },
      { client: 'responses', upstream: 'chat', newId: countingIds() },
    );
    const out = pipeStream(source(), exchange);
    await out.next();
    await out.return();
    expect(closed).toBe(true);
  });

  it('the first token goes out when it comes in', async () => {
    let more: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (more = resolve));
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(wire([chunk({ content: 'first' })]));
      await gate;
      yield Buffer.from(wire([chunk({}, 'stop'), '[DONE]']));
    }
    const exchange = openExchange(
      { input: 'hi' },
      { client: 'responses', upstream: 'chat', newId: countingIds() },
    );
    const out = pipeStream(source(), exchange);
    const { value } = await out.next();
    expect(value).toContain('"delta":"first"');
    more!();
    let rest = '';
    for await (const text of out) rest += text;
    expect(rest).toContain('response.completed');
  });

  it('a source that breaks ends the stream with its failure', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(wire([chunk({ content: 'x' })]));
      await Promise.resolve();
      throw new Error('socket hang up');
    }
    const exchange = openExchange(
      { input: 'hi' },
      { client: 'responses', upstream: 'chat', newId: countingIds() },
    );
    let outcome: unknown;
    let text = '';
    for await (const piece of pipeStream(source(), exchange, { onStream: (stream) => (outcome = stream) }))
      text += piece;
    expect(text).toContain('response.failed');
    expect((outcome as { outcome: CallFailure }).outcome.kind).toBe('connection_reset');
  });
});
