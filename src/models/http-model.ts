import type { Call, Json, JsonObject, Model, ResponsesReply, ResponsesRequest } from '../protocol/index.js';
import type { ReplyInfo, Transport } from '../transport/index.js';
import { upstreamOf } from '../transport/index.js';
import type { GatewaySpec } from './gateway.js';
import { gateway } from './gateway.js';
import { holdOf } from './streaming/hold.js';
import { PROBE_CALL, TINY_REQUEST } from './tiny-request.js';

/** How one provider is asked over HTTP; the rest is the same for all. */
export interface HttpModelSpec {
  name: string;
  modelId: string;
  /** The whole URL to ask. */
  url: string;
  /** The URL's path below the base URL. */
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  /** The body to send. Throws CallFailure `untranslatable`. */
  write(request: ResponsesRequest, call: Call): JsonObject | Promise<JsonObject>;
  /** The reply read from the parsed body. Throws CallFailure. */
  read(body: Json, request: ResponsesRequest, reply: ReplyInfo, call: Call): ResponsesReply;
  transport: Transport;
  /** It answers from recordings in this process. */
  offline?: boolean;
  /** Ask for a stream and hold it until it is whole. */
  hold?: boolean;
  /** How clients of other dialects reach it over HTTP. */
  gateway: Pick<GatewaySpec, 'upstream' | 'streams' | 'translate' | 'finish' | 'normalize'>;
  /** How clients of any dialect have their requests counted, where the provider does that. */
  countTokens?: NonNullable<Model['countTokens']>;
  /** Whatever else must end with the model. */
  onClose?: () => Promise<void>;
}

/** A request that starts or names state at the provider must not be repeated lightly. */
function replaySafe(body: JsonObject): boolean {
  return body['background'] !== true && typeof body['conversation'] !== 'string';
}

async function probeBody(spec: HttpModelSpec): Promise<string> {
  return JSON.stringify(await spec.write(TINY_REQUEST, PROBE_CALL));
}

export function httpModel(spec: HttpModelSpec): Model {
  const { transport } = spec;
  const upstream = upstreamOf(spec);
  transport.watch([upstream], async () => ({
    model: spec.name,
    url: spec.url,
    endpoint: spec.endpoint,
    headers: spec.headers,
    body: await probeBody(spec),
    replaySafe: true,
    read: () => undefined,
  }));
  return {
    name: spec.name,
    modelId: spec.modelId,
    reach: transport.reach,
    ...(spec.offline === true && { offline: true }),
    async respond(request, call) {
      const body = await spec.write(request, call);
      // This is the call for a whole reply; a row's own `stream` must not change that.
      delete body['stream'];
      delete body['stream_options'];
      const reply = await spec.transport.exchange(
        {
          model: spec.name,
          url: spec.url,
          endpoint: spec.endpoint,
          headers: spec.headers,
          body: JSON.stringify(body),
          replaySafe: replaySafe(body),
          ...(spec.hold === true && { hold: holdOf(body, spec.gateway.upstream) }),
          read: (parsed, info) => spec.read(parsed as Json, request, info, call),
        },
        call,
      );
      return reply.value;
    },
    exchange: gateway({ ...spec, ...spec.gateway, route: () => ({ url: spec.url }) }),
    ...(spec.countTokens !== undefined && { countTokens: spec.countTokens }),
    async close() {
      await spec.transport.close();
      await spec.onClose?.();
    },
  };
}
