import { z } from 'zod';
import { expandRequest } from '../translate/index.js';
import { CallFailure, isObject } from '../protocol/index.js';
import type { Environment, Item, StepResult } from '../protocol/index.js';
import { commonConfig, defineAgentType, OPERATIONAL_KEYS } from './agent-type.js';
import { play } from './play.js';
import type { Finished, Playing } from './play.js';
import { inputItems, Transcript } from './turns.js';

const DEFAULT_MAX_STEPS = 10;

const schema = commonConfig.omit({ skip_verification: true, skip_verification_reward: true }).extend({
  /** Model turns after which the episode is cut short (`truncated`); default 10. */
  max_steps: z.number().int().min(1).nullish(),
});

/** The loop of turn-taking environments: reset, then model and step in turn until the environment says it is over. */
export const gymnasiumAgent = defineAgentType(
  'gymnasium_agent',
  { schema, operational: OPERATIONAL_KEYS },
  (name, settings, { clock }) => {
    const frame = { clock, episodeSeconds: settings.episode_timeout_seconds ?? null };
    const maxSteps = settings.max_steps ?? DEFAULT_MAX_STEPS;
    return {
      name,
      run: (row, episode) => play(row, episode, frame, (playing) => takeTurns(playing, maxSteps)),
    };
  },
);

async function takeTurns(playing: Playing, maxSteps: number): Promise<Finished> {
  const { model, call, row, progress } = playing;
  const request = { ...row.responses_create_params, input: await firstInput(playing) };
  const transcript = new Transcript(progress);
  let reward = 0;
  for (let turn = 1; ; turn++) {
    progress.step = 'internal';
    const reply = await model.respond(
      { ...request, input: [...request.input, ...transcript.produced] },
      call,
    );
    call.signal.throwIfAborted();
    transcript.add(reply);
    call.onPhase('verifying', `step ${turn}`);
    progress.step = 'verify_failed';
    const step = await stepping(playing.environment).step(playing.session, row, reply, call);
    reward += step.reward;
    const truncated = step.truncated || (turn === maxSteps && !step.terminated);
    if (step.terminated || truncated) {
      return {
        reward,
        stopReason: step.terminated ? 'terminated' : 'truncated',
        fields: { reward, terminated: step.terminated, truncated, info: step.info },
        request: expandRequest(request),
      };
    }
    transcript.produced.push(...whatFollows(step));
  }
}

/** The row's input, with the first observation as its last message. */
async function firstInput({ environment, session, row, call, progress }: Playing): Promise<Item[]> {
  progress.step = 'open_failed';
  const { observation } = await stepping(environment).reset(session, row, call);
  const input = inputItems(row.responses_create_params);
  return observation === null || observation === '' ? input : [...input, userMessage(observation)];
}

/** What the model sees of a step that did not end the episode: tool outputs, then the observation. */
function whatFollows({ observation, info }: StepResult): Item[] {
  const items: Item[] = [];
  const outputs = Array.isArray(info['tool_outputs']) ? info['tool_outputs'] : [];
  for (const output of outputs) {
    if (isObject(output)) items.push({ ...output, type: 'function_call_output' });
  }
  if (observation !== null && observation !== '') items.push(userMessage(observation));
  return items;
}

function userMessage(content: string): Item {
  return { type: 'message', role: 'user', content };
}

function stepping(environment: Environment): Required<Pick<Environment, 'reset' | 'step'>> {
  if (environment.reset === undefined || environment.step === undefined) {
    throw new CallFailure(
      'agent_failed',
      `Environment "${environment.name}" is scored at the end, not step by step: its agent must be a simple_agent.`,
    );
  }
  return { reset: environment.reset.bind(environment), step: environment.step.bind(environment) };
}
