import { Config } from './config.js';
import type { Shipped } from './index.js';

/** `models`: entities that are asked in turn when every provider of the model's own has failed. */
export const fallback: Shipped = () => (given) => {
  const config = new Config(given);
  const models = config.texts('models');
  config.done();
  const wrong = models.find((model) => !/^[^/]+\/[^/]+$/.test(model));
  if (models.length === 0 || wrong !== undefined)
    throw new Error('models must be a list of entities, "workspace/name" each');
  return { request: ({ fallbacks }) => void fallbacks.push(...models) };
};
