import {
  CallFailure,
  isObject,
  type Agent,
  type Environment,
  type Episode,
  type JsonObject,
  type Model,
  type Outcome,
} from '../../protocol/index.js';
import { aggregateRoute } from '../aggregate-route.js';
import { json, readObject, unprocessable, type Exchange, type Route } from '../http/index.js';
import { failureReply } from '../failure-reply.js';
import { asRow, episodeIdOf, serverCall } from '../server-call.js';
import { wantsKnownUsage, withUsage } from '../whole-usage.js';
import { startServer, type RunningServer, type ServerContext } from '../server.js';
import { runBody } from './run-body.js';

export interface AgentServerOptions {
  agent: Agent;
  model: Model;
  environment: Environment;
  host: string;
  port: number;
}

/** The HTTP face of an agent: whole episodes at `/run`, trajectories without a verdict at `/v1/responses`. */
export function startAgentServer(
  options: AgentServerOptions,
  context: ServerContext,
): Promise<RunningServer> {
  const { agent, environment, host, port } = options;
  return startServer(
    {
      name: agent.name,
      title: `Agent ${agent.name}`,
      host,
      port,
      routes: [
        runRoute(options, context),
        responsesRoute(options, context),
        aggregateRoute(environment, context.maxBodyBytes),
      ],
      onError: (error) => failureReply(error, (text) => context.redact(text)),
    },
    context,
  );
}

function runRoute(parts: AgentServerOptions, context: ServerContext): Route {
  return {
    method: 'POST',
    path: '/run',
    summary: 'Plays one episode for a dataset row and scores it; failures are rows with _ng_failure_class',
    accepts: {
      type: 'object',
      required: ['responses_create_params'],
      properties: { responses_create_params: { type: 'object' } },
    },
    returns: {
      type: 'object',
      required: ['responses_create_params', 'response', 'reward'],
      properties: { reward: { type: 'number' }, _ng_failure_class: { type: 'string' } },
    },
    async handle(exchange) {
      const body = await readObject(exchange.request, context.maxBodyBytes);
      if (!isObject(body['responses_create_params'])) {
        throw unprocessable(['responses_create_params'], 'Field required', 'missing');
      }
      const row = asRow(body);
      const call = serverCall(exchange, episodeIdOf(row, 'served'), row._ng_rollout_index);
      const { agent, model, environment } = parts;
      const outcome = await agent.run(row, { model, environment, call });
      const reply = json(runBody(row, outcome, call.attempts));
      return { ...reply, body: context.redactContent(reply.body) };
    },
  };
}

/** The body is create-params alone. A turn-taking environment has no row to be reset with: one model call. */
function responsesRoute(parts: AgentServerOptions, context: ServerContext): Route {
  return {
    method: 'POST',
    path: '/v1/responses',
    summary: 'Plays an episode without scoring it; the reply has the whole trajectory as its output',
    accepts: { type: 'object', required: ['input'], properties: { input: {} } },
    returns: { type: 'object', required: ['output'], properties: { output: { type: 'array' } } },
    async handle(exchange) {
      const params = await readObject(exchange.request, context.maxBodyBytes);
      if (params['input'] === undefined) throw unprocessable(['input'], 'Field required', 'missing');
      const row = asRow({ responses_create_params: params });
      const call = serverCall(exchange, 'served');
      const { agent, model, environment } = parts;
      const episode = { model, environment: unscored(environment), call };
      const reply =
        environment.step === undefined
          ? responseOf(await agent.run(row, episode), exchange)
          : ((await model.respond(row.responses_create_params, call)) as unknown as JsonObject);
      return json(wantsKnownUsage(exchange) ? reply : withUsage(reply));
    },
  };
}

/** The same environment with a verifier that is not asked. */
function unscored(environment: Environment): Episode['environment'] {
  return {
    name: environment.name,
    tools: environment.tools,
    open: (row, call) => environment.open(row, call),
    callTool: (session, name, args, call) => environment.callTool(session, name, args, call),
    verify: () => Promise.resolve({ reward: 0 }),
    close: (session) => environment.close(session),
  };
}

function responseOf(outcome: Outcome, { signal }: Exchange): JsonObject {
  if (outcome.status === 'scored' || outcome.status === 'masked')
    return outcome.result['response'] as JsonObject;
  if (outcome.status === 'failed') {
    throw new CallFailure(outcome.kind, outcome.message, { retryable: outcome.retryable });
  }
  throw new Error(signal.aborted ? 'the client hung up' : outcome.reason);
}
