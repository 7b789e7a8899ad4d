import { z } from 'zod';
import { errors } from '../../errors/index.js';
import { createPeer } from '../../transport/index.js';
import { COMMON_CONFIG_KEYS, TIME_LIMIT_KEYS } from '../kit/definition.js';
import type { EnvironmentDefinition } from '../kit/definition.js';
import { describeProblems } from '../kit/problems.js';
import { RemoteEnvironment } from './remote-environment.js';

const DEFAULT_TOOL_SECONDS = 600;
const DEFAULT_VERIFY_SECONDS = 1_800;

const config = z.object({
  base_url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
  server_token: z.string().min(1).nullish(),
  tool_timeout_seconds: z.number().positive().nullish(),
  verify_timeout_seconds: z.number().positive().nullish(),
});

/** Any environment whose server block has a `base_url`: it runs there, whatever its implementation is called. */
export const remoteEnvironment: EnvironmentDefinition = {
  name: 'remote',
  configKeys: [...COMMON_CONFIG_KEYS, 'server_token'],
  // The far end may read any other key.
  operational: ['base_url', 'server_token', 'host', 'port', 'num_workers', 'datasets', ...TIME_LIMIT_KEYS],
  create(instanceName, block, services) {
    const parsed = config.safeParse(block);
    if (!parsed.success) {
      throw errors.environmentConfigInvalid(instanceName, 'remote', describeProblems(parsed.error));
    }
    const { base_url: baseUrl, server_token: token } = parsed.data;
    const peer = createPeer({
      name: instanceName,
      baseUrl,
      ...(services.outage !== undefined && { outage: services.outage }),
      clock: services.clock,
      random: () => services.random(),
      ...(token != null && { token }),
    });
    return new RemoteEnvironment({
      name: instanceName,
      peer,
      toolMs: 1000 * (parsed.data.tool_timeout_seconds ?? DEFAULT_TOOL_SECONDS),
      verifyMs: 1000 * (parsed.data.verify_timeout_seconds ?? DEFAULT_VERIFY_SECONDS),
    });
  },
};
