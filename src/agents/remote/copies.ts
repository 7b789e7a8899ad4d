import type { Agent, Reach } from '../../protocol/index.js';

/** Several processes of one agent server as one agent: an episode goes to the one that plays the fewest. */
export function spreadAgent(agents: readonly Agent[]): Agent {
  const copies = agents.map((agent) => ({ agent, playing: 0 }));
  const reaches = agents.flatMap(({ reach }) => (reach === undefined ? [] : [reach]));
  const reach: Reach = {
    outage: () => {
      const outages = reaches.map((one) => one.outage());
      return outages.includes(null) ? null : (outages[0] ?? null);
    },
    endpoints: () => reaches.flatMap((one) => one.endpoints()),
  };
  return {
    name: agents[0]!.name,
    async run(row, episode) {
      const up = copies.filter(({ agent }) => (agent.reach?.outage() ?? null) === null);
      const among = up.length === 0 ? copies : up;
      const copy = among.reduce((best, one) => (one.playing < best.playing ? one : best));
      copy.playing += 1;
      try {
        return await copy.agent.run(row, episode);
      } finally {
        copy.playing -= 1;
      }
    },
    measure: (body, call) => agents[0]!.measure!(body, call),
    ...(reaches.length > 0 && { reach }),
    async dispose() {
      await Promise.all(agents.map(async (agent) => agent.dispose?.()));
    },
  };
}
