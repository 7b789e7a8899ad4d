import { z } from 'zod';
import { createPeer } from '../../transport/index.js';
import { defineAgentType } from '../agent-type.js';
import { DEFAULT_EPISODE_SECONDS } from '../episode-scope.js';
import { RemoteAgent } from './remote-agent.js';

const schema = z.object({
  base_url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  server_token: z.string().min(1).nullish(),
  /** Wall-clock limit of one episode, in seconds; 0 = none. */
  episode_timeout_seconds: z.number().min(0).nullish(),
});

/** The far end may read any other key. */
const operational = [
  'base_url',
  'server_token',
  'host',
  'port',
  'num_workers',
  'datasets',
  'episode_timeout_seconds',
];

/** Any agent whose server block has a `base_url`: it runs there, whatever its implementation is called. */
export const remoteAgent = defineAgentType('remote', { schema, operational }, (name, settings, services) => {
  const { base_url: baseUrl, server_token: token } = settings;
  const seconds = settings.episode_timeout_seconds ?? DEFAULT_EPISODE_SECONDS;
  return new RemoteAgent({
    name,
    peer: createPeer({ ...services, name, baseUrl, ...(token != null && { token }) }),
    episodeMs: seconds === 0 ? Infinity : seconds * 1000,
  });
});
