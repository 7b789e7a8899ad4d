import type { Transport } from '../transport/index.js';
import { createTransport } from '../transport/index.js';
import type { TransportConfig } from './config-fields.js';
import { transportSettings } from './config-fields.js';
import type { ModelServices } from './model-type.js';

/** The transport of one model server, from its block and the run's services. */
export function openTransport(
  name: string,
  config: TransportConfig,
  services: ModelServices,
  maxConcurrent: number,
): Transport {
  const { retry, ...settings } = transportSettings(config);
  return createTransport({
    ...services,
    ...settings,
    retry: { ...services.retry, ...retry },
    name,
    maxConcurrent,
  });
}
