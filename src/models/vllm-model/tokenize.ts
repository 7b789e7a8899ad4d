import type { Call, JsonObject } from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';
import type { Transport } from '../../transport/index.js';
import type { Route } from '../gateway.js';
import { endpointUrl } from '../urls.js';

/** The parts of a chat body on which the prompt's tokens depend. */
const RELEVANT = [
  'model',
  'messages',
  'tools',
  'chat_template_kwargs',
  'mm_processor_kwargs',
  'required_prefix_token_ids',
];

/** The engine's `/tokenize`, which lies beside `/v1`. */
export function tokenizeUrl(engine: string): string {
  return endpointUrl(engine.replace(/\/v1\/*$/, ''), 'tokenize');
}

/** What of a chat body it is asked with. */
export function tokenizeBody(sent: JsonObject): JsonObject {
  return Object.fromEntries(RELEVANT.filter((key) => key in sent).map((key) => [key, sent[key]!]));
}

/** The prompt's token ids. */
export async function promptTokenIds(
  name: string,
  route: Route,
  sent: JsonObject,
  headers: Readonly<Record<string, string>>,
  transport: Transport,
  call: Call,
): Promise<number[]> {
  const { value } = await transport.exchange(
    {
      model: name,
      ...route,
      endpoint: 'tokenize',
      headers,
      body: JSON.stringify(tokenizeBody(sent)),
      replaySafe: true,
      read(reply) {
        const tokens = isObject(reply) ? reply['tokens'] : undefined;
        if (Array.isArray(tokens) && tokens.every(Number.isInteger)) return tokens as number[];
        throw new CallFailure('garbage_reply', '/tokenize answered without a list of tokens', {
          retryable: true,
        });
      },
    },
    call,
  );
  return value;
}
