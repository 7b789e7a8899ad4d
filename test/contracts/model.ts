import { describe, expect, it } from 'vitest';
import type { Call, Item, Model, ResponsesReply } from '../../src/protocol/index.js';
import { CallFailure, isFunctionCall, outputText } from '../../src/protocol/index.js';
import type { Provider } from '../support/provider/provider.mjs';

/** One way to reach a provider of test/support/provider; it asks once, without repeats. */
export interface ModelUnderTest {
  model: Model;
  /** Null where what the provider said is only replayed: faults cannot be asked for. */
  provider: Provider | null;
}

const WEATHER = '[tool: get_weather {"city":"Paris"}] [answer: sunny]';
const TOOL = {
  type: 'function',
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: true,
};

/** Asks everything that the contract asks of a healthy provider: what a recording for it has to hold. */
export async function askAll(model: Model, call: () => Call): Promise<void> {
  await model.respond({ input: '[answer: hello there]' }, call());
  const input = [{ role: 'user', content: WEATHER }];
  const first = await model.respond({ input, tools: [TOOL] }, call());
  await model.respond({ input: [...input, ...first.output, ...results(first)], tools: [TOOL] }, call());
  await model.respond({ input: 'x', model: 'another' }, call());
}

function results({ output }: ResponsesReply): Item[] {
  return output
    .filter(isFunctionCall)
    .map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'sunny' }));
}

/** What every model does, whatever its provider speaks and wherever it runs. */
export function modelContract(
  name: string,
  make: () => Promise<ModelUnderTest>,
  call: (over?: Partial<Call>) => Call,
): void {
  describe(`model contract: ${name}`, () => {
    it('answers in Responses, with usage', async () => {
      const { model } = await make();
      const reply = await model.respond({ input: '[answer: hello there]' }, call());
      expect(reply).toMatchObject({ object: 'response', status: 'completed', incomplete_details: null });
      expect(outputText(reply)).toBe('hello there');
      expect(reply.usage!.total_tokens).toBe(reply.usage!.input_tokens + reply.usage!.output_tokens);
      await model.close();
    });

    it('calls tools with the arguments as text, and takes results back', async () => {
      const { model } = await make();
      const input = [{ role: 'user', content: WEATHER }];
      const first = await model.respond({ input, tools: [TOOL] }, call());
      const asked = first.output.find(isFunctionCall)!;
      expect(asked.name).toBe('get_weather');
      expect(JSON.parse(asked.arguments)).toEqual({ city: 'Paris' });
      const second = await model.respond(
        { input: [...input, ...first.output, ...results(first)], tools: [TOOL] },
        call(),
      );
      expect(outputText(second)).toBe('sunny');
      await model.close();
    });

    it('replaces the model that is asked for, and writes down its attempts', async () => {
      const { model, provider } = await make();
      const asking = call();
      await model.respond({ input: 'x', model: 'another' }, asking);
      expect(asking.attempts).toMatchObject([{ result: 'ok' }]);
      if (provider !== null) expect(provider.requests.at(-1)!.model).toBe('configured');
      await model.close();
    });

    it('fails as data: typed, with the provider’s status and words', async () => {
      const { model, provider } = await make();
      if (provider === null) return model.close();
      for (const [status, kind] of [
        [401, 'auth'],
        [429, 'rate_limited'],
        [500, 'server_error'],
        [400, 'bad_request'],
      ] as const) {
        provider.setScript([{ kind: 'status', status, message: 'said so' }]);
        const failure = await model.respond({ input: 'x' }, call()).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(CallFailure);
        expect(failure).toMatchObject({ kind, details: { status } });
        expect((failure as CallFailure).message).toContain('said so');
      }
      return model.close();
    });

    it('ends at once with its episode, and can be closed twice', async () => {
      const { model } = await make();
      const over = call({ signal: AbortSignal.abort(new Error('the episode is over')) });
      await expect(model.respond({ input: 'x' }, over)).rejects.toThrow();
      await model.close();
      await model.close();
    });
  });
}
