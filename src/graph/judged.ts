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

type Tell = (call: Call, model: string, usage: Json) => void;

/** The same model as an environment asks it: what it uses is told to the call, apart from what the policy uses. */
export function tellingUse(model: Model): Model {
  return telling(model, (call, id, usage) => call.onJudged?.(id, usage));
}

/** The same model, which tells one listener of each reply, whoever asked. */
export function countingUse(model: Model, told: (model: string, usage: Json) => void): Model {
  return telling(model, (_call, id, usage) => told(id, usage));
}

function telling(model: Model, tell: Tell): Model {
  const { modelId } = model;
  return Object.create(model, {
    respond: {
      value: async (...[request, call]: Parameters<Model['respond']>) => {
        const reply = await model.respond(request, call);
        tell(call, modelId, (reply.usage ?? null) as Json);
        return reply;
      },
    },
    ...(model.exchange !== undefined && {
      exchange: {
        value: async (...[dialect, body, call]: Parameters<NonNullable<Model['exchange']>>) => {
          const answer = await model.exchange!(dialect, body, call);
          tell(call, modelId, 'text' in answer ? usageOf(answer.text) : null);
          return answer;
        },
      },
    }),
  }) as Model;
}
