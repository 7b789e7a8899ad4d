import { play } from '../../agents/index.js';
import { treatAs, treatmentIn } from '../run/unanswered.js';
import type {
  Agent,
  Attempt,
  Clock,
  JsonObject,
  ResponsesReply,
  StopReason,
  Verdict,
} from '../../protocol/index.js';
import { CallFailure, isObject } from '../../protocol/index.js';

/** What is read of a stored row. */
interface StoredRow {
  responses_create_params?: JsonObject;
  response?: JsonObject;
  reward?: number;
  _ng_run?: { attempts?: Attempt[]; turns?: number; stop_reason?: StopReason; [key: string]: unknown };
}

/** The note in a row that its reward was found later than its response. */
function note({ reward, _ng_run: run = {} }: StoredRow, judged: readonly Attempt[]): JsonObject {
  const record = Object.fromEntries(Object.entries(run).filter(([key]) => key !== 'attempts'));
  return {
    ...(reward === undefined ? {} : { previous_reward: reward }),
    run: record,
    attempts: judged,
  } as unknown as JsonObject;
}

/**
 * An agent that asks no model: it opens the environment, hands it the stored response to verify, and closes it.
 * `stored` gives a rollout's row as text, null when there is none: then the rollout stays owed.
 */
export function verifyingAgent(
  name: string,
  { clock, stored }: { clock: Clock; stored: (task: number, rollout: number) => Promise<string | null> },
): Agent {
  return {
    name,
    async run(row, { model, environment, call }) {
      const text = await stored(row._ng_task_index, row._ng_rollout_index);
      if (text === null) return { status: 'cancelled', reason: 'there is no stored response to verify' };
      const before = JSON.parse(text) as StoredRow;
      const judged: Attempt[] = [];
      // What the judge is asked now is told apart from what the model was asked then.
      const inner = {
        signal: call.signal,
        deadline: call.deadline,
        episodeId: call.episodeId,
        rolloutIndex: call.rolloutIndex,
        attempts: judged,
        onPhase: call.onPhase.bind(call),
        pause: () => call.pause?.() ?? (() => undefined),
      };
      call.attempts.push(...(before._ng_run?.attempts ?? []));
      const outcome = await play(row, { model, environment, call: inner }, { clock }, async (playing) => {
        if (!isObject(before.response)) {
          throw new CallFailure('verify_failed', 'The stored row has no response to verify.');
        }
        const { progress, session } = playing;
        progress.response = before.response as unknown as ResponsesReply;
        progress.turns = before._ng_run?.turns ?? 0;
        progress.step = 'verify_failed';
        playing.call.onPhase('verifying');
        const verdict: Verdict = await environment.verify(session, row, progress.response, playing.call);
        return {
          reward: verdict.reward,
          stopReason: before._ng_run?.stop_reason ?? 'answered',
          fields: { ...verdict, _ng_reverified: note(before, judged) },
          ...(isObject(before.responses_create_params) ? { request: before.responses_create_params } : {}),
        };
      });
      return outcome.status === 'scored' ? treatAs(outcome, treatmentIn(before)) : outcome;
    },
  };
}
