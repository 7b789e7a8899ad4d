import { z } from 'zod';
import type { ServerInstance } from '../config/index.js';
import type { ModelType } from '../models/index.js';
import type { Registries } from './registries.js';

const STAND_IN: ModelType = {
  configSchema: z.unknown(),
  knownKeys: ['entrypoint'],
  identity: (config) => Promise.resolve(config),
  canonical: (config) => config,
  create: (name) =>
    Promise.resolve({
      name,
      modelId: '',
      respond: () => Promise.reject(new Error(`no model is configured for ${name}`)),
      close: () => Promise.resolve(),
    }),
};

/** The registries with a model that is never asked anything in place of those that `replaces` names. */
export function withStandIn(
  registries: Registries,
  replaces: (server: ServerInstance) => boolean,
): Registries {
  return {
    ...registries,
    model: (server) => (replaces(server) ? Promise.resolve(STAND_IN) : registries.model(server)),
  };
}
