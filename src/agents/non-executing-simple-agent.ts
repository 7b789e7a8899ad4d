import { commonConfig, defineAgentType } from './agent-type.js';
import { play } from './play.js';
import { playOneTurn } from './turns.js';
import { verdictOf } from './verdict.js';

/** One model call whose tool calls are not run: the verifier looks at them as they are. */
export const nonExecutingSimpleAgent = defineAgentType(
  'non_executing_simple_agent',
  commonConfig,
  (name, settings, { clock }) => ({
    name,
    run: (row, episode) =>
      play(
        row,
        episode,
        { clock, episodeSeconds: settings.episode_timeout_seconds ?? null },
        async (playing) => verdictOf(playing, await playOneTurn(playing), settings),
      ),
  }),
);
