import type {
  Call,
  Json,
  JsonObject,
  Model,
  ResponsesReply,
  ResponsesRequest,
} from '../../protocol/index.js';
import { isObject } from '../../protocol/index.js';
import type { ReplyInfo } from '../../transport/index.js';
import { replyFromChat } from '../../translate/index.js';
import { translateSettings } from '../config-fields.js';
import { exchangeOverReplies } from '../exchange-of.js';
import type { Route } from '../gateway.js';
import { gateway } from '../gateway.js';
import { authHeaders, capabilityOf, lossTeller } from '../capability.js';
import { tokenCounter } from '../count-tokens.js';
import type { ModelServices } from '../model-type.js';
import { replyIds } from '../reply-ids.js';
import { openTransport } from '../open-transport.js';
import { PROBE_CALL, TINY_REQUEST } from '../tiny-request.js';
import { chatRequest, reasoningHistory, renameDeveloper } from './chat-request.js';
import { chatFromCompletions, completionsRequest } from './completions.js';
import type { VllmConfig } from './config.js';
import { below, Engines, pinned } from './engines.js';
import { captureTokens } from './token-ids.js';
import { promptTokenIds, tokenizeBody, tokenizeUrl } from './tokenize.js';

/** A reply that is ready, or one that still lacks the prompt's token ids. */
type Read = ResponsesReply | ((promptIds: readonly number[]) => ResponsesReply);

export function vllmModel(name: string, config: VllmConfig, services: ModelServices): Model {
  services.redactor.add([config.api_key]);
  const capability = capabilityOf(
    `${name}.responses_api_models.vllm_model`,
    config.base_url[0] ?? '',
    config.capability,
  );
  const headers = authHeaders(capability, config.api_key, config.default_headers);
  const onLoss = lossTeller(name, services);
  const transport = openTransport(name, config, services, config.num_concurrent_requests);
  const endpoint = config.use_completions_api ? 'completions' : 'chat/completions';

  function write(request: ResponsesRequest, call: Call): JsonObject {
    const body = chatRequest(request, config, { newId: replyIds(call, ''), capability, onLoss });
    delete body['stream'];
    delete body['stream_options'];
    return config.use_completions_api
      ? completionsRequest(body, config.extra_body, config.sampling_overrides)
      : body;
  }

  function translated(body: Json, request: ResponsesRequest, info: ReplyInfo, call: Call): ResponsesReply {
    return replyFromChat(body, request, {
      model: config.model,
      usesReasoningParser: config.uses_reasoning_parser,
      now: () => info.receivedAt,
      newId: replyIds(call, info.text),
    });
  }

  function read(parsed: Json, request: ResponsesRequest, info: ReplyInfo, call: Call): Read {
    const body = config.use_completions_api ? chatFromCompletions(parsed) : parsed;
    if (!config.return_token_id_information || !isObject(body)) return translated(body, request, info, call);
    const captured = captureTokens(body);
    return captured.needsPromptIds
      ? (promptIds) => translated(captured.complete(promptIds), request, info, call)
      : translated(captured.complete(), request, info, call);
  }

  const translate = {
    model: config.model,
    usesReasoningParser: config.uses_reasoning_parser,
    reasoningHistory: reasoningHistory(config),
    extraBody: config.extra_body,
    samplingOverrides: config.sampling_overrides,
    chatTemplateKwargs: config.chat_template_kwargs,
    metadataExtraBody: true,
    ...translateSettings(config),
    capability,
    onLoss,
  };
  const chat = gateway({
    name,
    upstream: 'chat',
    streams: services.tape === undefined,
    route: (call) => engines.route(call, below('chat/completions')),
    endpoint: 'chat/completions',
    headers,
    translate,
    finish: (body) => {
      if (config.replace_developer_role_with_system) renameDeveloper(body);
      return body;
    },
    transport,
  });
  const countTokens = tokenCounter({
    name,
    upstream: 'chat',
    translate,
    headers,
    transport,
    ask: (sent, call) => ({
      ...engines.route(call, tokenizeUrl),
      endpoint: 'tokenize',
      body: config.use_completions_api ? promptOf(sent, config) : tokenizeBody(sent),
    }),
    read: ({ count, tokens }) => count ?? (Array.isArray(tokens) ? tokens.length : undefined),
  });
  // Base models and captured tokens take the longer way over whole replies.
  const plain = !config.use_completions_api && !config.return_token_id_information;

  const engines = new Engines(config.base_url, (url) => transport.serves(url));
  transport.watch(config.base_url, (base) =>
    Promise.resolve({
      ...wire(pinned(base, below(endpoint)), write(TINY_REQUEST, PROBE_CALL)),
      read: () => undefined,
    }),
  );

  function wire(route: Route, body: JsonObject) {
    return { model: name, ...route, endpoint, headers, body: JSON.stringify(body), replaySafe: true };
  }

  type RouteTo = (url: (engine: string) => string) => Route;

  async function respond(request: ResponsesRequest, call: Call, routeTo: RouteTo): Promise<ResponsesReply> {
    const body = write(request, call);
    if (!config.sequential_reasoning_allowed && endsInEmptyAssistant(body)) {
      const info = { status: 200, headers: {}, text: call.episodeId, receivedAt: services.clock.now() };
      return translated(filtered(config.model, info.receivedAt), request, info, call);
    }
    const { value } = await transport.exchange<Read>(
      {
        ...wire(routeTo(below(endpoint)), body),
        read: (parsed, info) => read(parsed as Json, request, info, call),
      },
      call,
    );
    if (typeof value !== 'function') return value;
    return value(await promptTokenIds(name, routeTo(tokenizeUrl), body, headers, transport, call));
  }

  const { reach } = transport;
  const part = (engine: string): Model => ({
    name,
    modelId: config.model,
    respond: (request, call) => respond(request, call, (url) => pinned(engine, url)),
    close: () => Promise.resolve(),
  });
  const model: Model = {
    name,
    modelId: config.model,
    countTokens,
    reach,
    ...(config.base_url.length > 1 && { parts: config.base_url.map(part) }),
    respond: (request, call) => respond(request, call, (url) => engines.route(call, url)),
    close: () => transport.close(),
  };
  const settings = { ...translateSettings(config), onLoss };
  return { ...model, exchange: plain ? chat : exchangeOverReplies(model, settings) };
}

/** A base model's prompt, as it would be sent. */
function promptOf(sent: JsonObject, config: VllmConfig): JsonObject {
  const { model, prompt } = completionsRequest(sent, config.extra_body, config.sampling_overrides);
  return { model: model!, prompt: prompt! };
}

/** The model only thought last time: with `sequential_reasoning_allowed: false` it is not asked again. */
function endsInEmptyAssistant(body: JsonObject): boolean {
  const last = Array.isArray(body['messages']) ? body['messages'].at(-1) : undefined;
  if (!isObject(last) || last['role'] !== 'assistant') return false;
  const { content, tool_calls: calls } = last;
  const empty = content === null || content === undefined || content === '';
  return empty && !(Array.isArray(calls) && calls.length > 0);
}

function filtered(model: string, now: number): JsonObject {
  return {
    id: 'not-asked',
    object: 'chat.completion',
    created: Math.floor(now / 1000),
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'content_filter' }],
  };
}
