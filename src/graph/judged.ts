import type { Call, Json, JsonObject, Model } from '../protocol/index.js';
import { isObject } from '../protocol/index.js';

/** The words of Chat Completions for what Responses and Messages call otherwise. */
const AS_RESPONSES: Readonly<Record<string, string>> = {
  prompt_tokens: 'input_tokens',
  completion_tokens: 'output_tokens',
};

/** The `usage` of a reply in any dialect, in the words of Responses; null where it has none. */
function usageOf(text: string): JsonObject | null {
  const body = JSON.parse(text) as unknown;
  const usage = isObject(body) ? body['usage'] : undefined;
  if (!isObject(usage)) return null;
  return Object.fromEntries(Object.entries(usage).map(([key, value]) => [AS_RESPONSES[key] ?? key, value]));
}

const told = (call: Call, model: Model, usage: Json): void => call.onJudged?.(model.modelId, usage);

/** The same model as an environment asks it: what it uses is told to the call, apart from what the policy uses. */
export function tellingUse(model: Model): Model {
  return Object.create(model, {
    respond: {
      value: async (...[request, call]: Parameters<Model['respond']>) => {
        const reply = await model.respond(request, call);
        told(call, model, (reply.usage ?? null) as Json);
        return reply;
      },
    },
    ...(model.exchange !== undefined && {
      exchange: {
        value: async (...[dialect, body, call]: Parameters<NonNullable<Model['exchange']>>) => {
          const answer = await model.exchange!(dialect, body, call);
          told(call, model, 'text' in answer ? usageOf(answer.text) : null);
          return answer;
        },
      },
    }),
  }) as Model;
}
