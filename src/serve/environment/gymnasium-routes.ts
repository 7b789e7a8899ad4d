import type { JsonObject, StepResult } from '../../protocol/index.js';
import { HttpError, json, type Route } from '../http/index.js';
import { asRow, episodeIdOf, serverCall } from '../server-call.js';
import {
  inSession,
  OFFERS,
  readResponse,
  readRow,
  withoutResponse,
  type EpisodeParts,
} from './episode-routes.js';

/** The turn-taking protocol: `/reset` and `/step`; both extras that the reference knows are offered, in headers. */
export function gymnasiumRoutes(parts: EpisodeParts): Route[] {
  return [resetRoute(parts), stepRoute(parts)];
}

function resetRoute(parts: EpisodeParts): Route {
  return {
    method: 'POST',
    path: '/reset',
    summary: 'Starts an episode and gives the first observation',
    returns: {
      type: 'object',
      required: ['observation', 'info'],
      properties: { observation: { type: ['string', 'null'] }, info: { type: 'object' } },
    },
    async handle(exchange) {
      const row = asRow(await readRow(exchange, parts));
      const call = serverCall(exchange, episodeIdOf(row, 'served'), row._ng_rollout_index);
      const found = await parts.sessions.open(exchange, row, call);
      const { opened } = found.session;
      const first = await inSession(parts, found, () => parts.environment.reset!(opened, row, call));
      return { ...json({ observation: first.observation, info: first.info }), headers: OFFERS };
    },
  };
}

function stepRoute(parts: EpisodeParts): Route {
  return {
    method: 'POST',
    path: '/step',
    summary: "Takes one reply of the model's and gives the next observation and this step's reward",
    returns: {
      type: 'object',
      required: ['observation', 'reward', 'terminated', 'truncated', 'info'],
      properties: {
        observation: { type: ['string', 'null'] },
        reward: { type: 'number' },
        terminated: { type: 'boolean' },
        truncated: { type: 'boolean' },
        info: { type: 'object' },
      },
    },
    async handle(exchange) {
      const body = await readRow(exchange, parts);
      const response = readResponse(body);
      const found = parts.sessions.find(exchange);
      if (found === null) {
        throw new HttpError(409, { detail: 'No session: POST /reset first and send its cookie back' });
      }
      const { session, id } = found;
      const row = asRow(withoutResponse(body));
      const call = serverCall(exchange, session.episodeId, session.rolloutIndex);
      const take = (): Promise<StepResult> => parts.environment.step!(session.opened, row, response, call);
      const stepId = stepIdOf(body);
      const repeated = stepId !== null && session.lastStep?.id === stepId ? session.lastStep.result : null;
      const result = repeated ?? inSession(parts, found, take);
      if (stepId !== null) session.lastStep = { id: stepId, result };
      const step = await result;
      // A client with step ids may repeat its last step, and then closes; any other is done now.
      if (stepId === null && id !== null && (step.terminated || step.truncated)) {
        await parts.sessions.store.finish(id);
      }
      return json(step);
    },
  };
}

function stepIdOf({ _ng_step_request_id: id }: JsonObject): string | null {
  return typeof id === 'string' && id !== '' ? id : null;
}
