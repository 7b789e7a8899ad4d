import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProvider, type Provider } from '../support/provider/provider.mjs';
import { GATEWAY, testPlatform, type TestPlatform } from './support.js';

/** Back ends by what they speak, each with its model. */
const BACK_ENDS = { chat: 'fake-chat', responses: 'fake-both', messages: 'claude-x' } as const;
type Dialect = keyof typeof BACK_ENDS;
const DIALECTS: readonly Dialect[] = ['chat', 'responses', 'messages'];
const PATHS = { chat: '/chat/completions', responses: '/responses', messages: '/messages' };

const providers = new Map<Dialect, Provider>();
let nmp: TestPlatform;
beforeAll(async () => {
  nmp = await testPlatform({ discovery: false });
  for (const dialect of DIALECTS) {
    const provider = await startProvider({
      models: [BACK_ENDS[dialect]],
      // One that has both of OpenAI's dialects, and two that have one each.
      faultFor: ({ path }) =>
        path.endsWith(PATHS[dialect]) || (dialect === 'responses' && path.endsWith(PATHS.chat))
          ? undefined
          : { kind: 'status', status: 404, message: 'Not Found' },
    });
    providers.set(dialect, provider);
    await nmp.addProvider(dialect, { host_url: provider.baseUrl });
  }
});
afterAll(async () => {
  await nmp.end();
  for (const provider of providers.values()) await provider.close();
});

const TEXT = '[answer: Hello there]';
const TOOL = '[tool: look {"at":"it"}]';
const PARAMETERS = { type: 'object' as const, properties: { at: { type: 'string' } } };

/** What a client made of a reply. */
interface Got {
  text: string;
  /** Name and arguments of the call. */
  call: [string, unknown] | null;
  model: string;
}

type Play = (base: string, model: string, prompt: string, stream: boolean) => Promise<Got>;

const openai = (baseURL: string): OpenAI => new OpenAI({ baseURL, apiKey: 'unused', maxRetries: 0 });

const CLIENTS: Record<Dialect, Play> = {
  async chat(base, model, prompt, stream) {
    const tools = [{ type: 'function' as const, function: { name: 'look', parameters: PARAMETERS } }];
    const body = { model, messages: [{ role: 'user' as const, content: prompt }], tools };
    const { completions } = openai(`${base}/v1`).chat;
    const reply = stream
      ? await completions.stream(body).finalChatCompletion()
      : await completions.create(body);
    const { message } = reply.choices[0]!;
    const call = message.tool_calls?.[0] as { function: { name: string; arguments: string } } | undefined;
    return {
      text: message.content ?? '',
      call: call === undefined ? null : [call.function.name, JSON.parse(call.function.arguments)],
      model: reply.model,
    };
  },
  async responses(base, model, prompt, stream) {
    const tools = [{ type: 'function' as const, name: 'look', parameters: PARAMETERS, strict: false }];
    const body = { model, input: prompt, tools };
    const { responses } = openai(`${base}/v1`);
    let reply: OpenAI.Responses.Response;
    if (stream) {
      const events: string[] = [];
      const running = responses.stream(body);
      for await (const { type } of running) events.push(type);
      expect(events[0]).toBe('response.created');
      expect(events.at(-1)).toBe('response.completed');
      reply = await running.finalResponse();
    } else reply = await responses.create(body);
    const call = reply.output.find(({ type }) => type === 'function_call') as
      { name: string; arguments: string } | undefined;
    const text = reply.output
      .flatMap((item) => (item.type === 'message' ? item.content : []))
      .map((part) => (part.type === 'output_text' ? part.text : ''))
      .join('');
    return {
      text,
      call: call === undefined ? null : [call.name, JSON.parse(call.arguments)],
      model: reply.model,
    };
  },
  async messages(base, model, prompt, stream) {
    const { messages } = new Anthropic({ baseURL: base, apiKey: 'unused', maxRetries: 0 });
    const tools = [{ name: 'look', input_schema: PARAMETERS }];
    const body = {
      model,
      max_tokens: 50,
      messages: [{ role: 'user' as const, content: prompt }],
      tools,
    };
    const reply = stream ? await messages.stream(body).finalMessage() : await messages.create(body);
    const call = reply.content.find(({ type }) => type === 'tool_use') as
      { name: string; input: unknown } | undefined;
    const text = reply.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    return { text, call: call === undefined ? null : [call.name, call.input], model: reply.model };
  },
};

describe.each(DIALECTS)('a client of %s', (client) => {
  describe.each(DIALECTS)('onto a back end that speaks %s', (backEnd) => {
    const model = BACK_ENDS[backEnd];

    it.each([
      ['model', (root: string) => `${root}/model/${model}/-`],
      ['openai', (root: string) => `${root}/openai/-`],
    ])('gets texts and tools, whole and streamed, by the %s route', async (_, at) => {
      const base = at(`${nmp.url}${GATEWAY}`);
      for (const stream of [false, true]) {
        const said = await CLIENTS[client](base, model, TEXT, stream);
        expect(said).toMatchObject({ text: 'Hello there', call: null, model: `default/${model}` });
        const called = await CLIENTS[client](base, model, TOOL, stream);
        expect(called.call).toEqual(['look', { at: 'it' }]);
      }
      const asked = providers.get(backEnd)!.requests.at(-1)!.path;
      const wanted = backEnd === 'responses' && client !== 'responses' ? 'chat' : backEnd;
      expect(asked.endsWith(PATHS[wanted])).toBe(true);
    });
  });

  it('gets the same by the route of a provider that speaks it', async () => {
    const base = `${nmp.url}${GATEWAY}/provider/${client}/-`;
    for (const stream of [false, true]) {
      const said = await CLIENTS[client](base, BACK_ENDS[client], TEXT, stream);
      expect(said).toEqual({ text: 'Hello there', call: null, model: BACK_ENDS[client] });
      expect((await CLIENTS[client](base, BACK_ENDS[client], TOOL, stream)).call).toEqual([
        'look',
        { at: 'it' },
      ]);
    }
  });
});
