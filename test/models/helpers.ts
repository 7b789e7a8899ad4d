import { randomUUID } from 'node:crypto';
import type { JsonObject, Model } from '../../src/protocol/index.js';
import type { ModelServices } from '../../src/models/index.js';
import { MODEL_TYPES } from '../../src/models/index.js';
import { createRedactor } from '../../src/transport/index.js';
import { skippingClock } from '../transport/helpers.js';

export function services(more: Partial<ModelServices> = {}): ModelServices {
  return { clock: skippingClock(), random: () => 0.5, redactor: createRedactor(), roots: [], ...more };
}

export async function createModel(
  type: string,
  config: JsonObject,
  more: Partial<ModelServices> = {},
): Promise<Model> {
  const modelType = await MODEL_TYPES[type]!();
  return modelType.create('policy_model', config, services(more));
}

/** A key that no other test uses. */
export function freshKey(): string {
  return `sk-test-${randomUUID()}`;
}
