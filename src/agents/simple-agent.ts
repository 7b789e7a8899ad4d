import { z } from 'zod';
import { commonConfig, defineAgentType, OPERATIONAL_KEYS } from './agent-type.js';
import { play } from './play.js';
import { playTurns } from './turns.js';
import { verdictOf } from './verdict.js';

const DEFAULT_MAX_TURNS = 100;
const DEFAULT_MAX_STALLED_TURNS = 3;
/** A model that has named nothing but missing tools so often will not find one; the reference goes on for ever. */
export const DEFAULT_MAX_UNKNOWN_TOOL_TURNS = 20;

const count = z.number().int().min(0).nullish();

const schema = commonConfig.extend({
  /** Turns after which the episode ends and is verified as it is; null or 0 = none. */
  max_steps: count,
  /** Safety net where `max_steps` is not set: default 100; 0 = none. */
  max_turns: count,
  /** Turns in a row with neither text nor a call: default 3; 0 = no limit. */
  max_stalled_turns: count,
  /** Turns in a row in which only tools that are not there are called: default 20 without `max_steps`; 0 = no limit. */
  max_unknown_tool_turns: count,
});

/** The standard loop: the model calls tools, one turn after the other, until it answers; then the verifier. */
export const simpleAgent = defineAgentType(
  'simple_agent',
  { schema, operational: OPERATIONAL_KEYS },
  (name, settings, { clock }) => {
    const maxSteps = settings.max_steps ?? 0;
    const limits = {
      maxSteps,
      // A dataset that asks for many steps knows why: our safety net is for those that set no limit.
      maxTurns: settings.max_turns ?? (maxSteps > 0 ? 0 : DEFAULT_MAX_TURNS),
      maxStalledTurns: settings.max_stalled_turns ?? DEFAULT_MAX_STALLED_TURNS,
      maxUnknownToolTurns:
        settings.max_unknown_tool_turns ?? (maxSteps > 0 ? 0 : DEFAULT_MAX_UNKNOWN_TOOL_TURNS),
    };
    const frame = { clock, episodeSeconds: settings.episode_timeout_seconds ?? null };
    return {
      name,
      run: (row, episode) =>
        play(row, episode, frame, async (playing) =>
          verdictOf(playing, await playTurns(playing, limits), settings),
        ),
    };
  },
);
