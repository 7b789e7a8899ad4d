import { z } from 'zod';
import { commonConfig, defineAgentType, OPERATIONAL_KEYS } from './agent-type.js';
import type { AgentType } from './agent-type.js';
import { play } from './play.js';
import { playOneTurn } from './turns.js';
import { verdictOf } from './verdict.js';

/**
 * One model call whose tool calls are not run: the verifier looks at them as they are. The reference has two
 * agents of this kind, `non_executing_simple_agent` and `tool_simulation_agent`; they differ only in what they
 * send over HTTP around the call.
 */
export function singleTurnAgent(implementation: string): AgentType {
  // Some of the reference's configurations say it; one turn is one turn.
  const schema = commonConfig.extend({ max_steps: z.number().int().min(1).nullish() });
  const config = { schema, operational: OPERATIONAL_KEYS };
  return defineAgentType(implementation, config, (name, settings, { clock }) => {
    const frame = { clock, episodeSeconds: settings.episode_timeout_seconds ?? null };
    return {
      name,
      run: (row, episode) =>
        play(row, episode, frame, async (playing) =>
          verdictOf(playing, await playOneTurn(playing), settings),
        ),
    };
  });
}
