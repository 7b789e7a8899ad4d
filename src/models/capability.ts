import { didYouMean, errors } from '../errors/index.js';
import type { Capability, Loss } from '../translate/index.js';
import { resolveCapability } from '../translate/index.js';
import { bearer } from './bearer.js';
import type { ModelServices } from './model-type.js';

/** The `capability` key of a model block: a record's name, or an object of overrides with an optional `name`. */
export type CapabilitySetting = string | Readonly<Record<string, unknown>> | null | undefined;

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What the provider can and cannot take: its record by host or name, with the block's overrides on top. Throws NgError. */
export function capabilityOf(block: string, baseUrl: string, setting: CapabilitySetting): Capability {
  const { name, ...overrides } = typeof setting === 'string' ? { name: setting } : (setting ?? {});
  const { capability, problems } = resolveCapability({
    baseUrl,
    overrides,
    // Anything else that YAML makes of a name is looked up as text, and refused.
    ...(name !== undefined &&
      name !== null && { name: typeof name === 'string' ? name : JSON.stringify(name) }),
  });
  if (problems.length > 0) {
    const shown = problems.map(({ key, message, known }) => ({
      key: `capability.${key}`,
      message: `${message}.${didYouMean(key === 'name' ? String(name) : key, known.map(snake))}`,
    }));
    throw errors.modelConfigInvalid(block, shown);
  }
  return capability;
}

/** The headers that carry the key as this provider wants it, and those that it needs on every request. */
export function authHeaders(
  { authHeader, authTemplate, headers }: Capability,
  key: string,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const all = bearer('', { ...headers, ...extra });
  if (key !== '') all[authHeader.toLowerCase()] = authTemplate.replace('{key}', () => key);
  return all;
}

/** Tells of each thing that a translation had to leave out or change, once per model. */
export function lossTeller(model: string, { notify }: ModelServices): (loss: Loss) => void {
  const told = new Set<string>();
  return ({ part, reason }) => {
    // Places differ from row to row; what was lost does not.
    const kind = part.replace(/\[\d+\]/g, '[]');
    if (told.has(kind)) return;
    told.add(kind);
    notify?.({ level: 'warn', message: `${model}: ${part} is not sent as given: ${reason}` });
  };
}
