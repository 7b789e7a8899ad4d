import { isObject, type Json, type JsonObject } from '../../../protocol/index.js';
import { HttpError } from '../../../serve/http/index.js';
import { Config } from './config.js';
import type { Shipped } from './index.js';

interface Limit {
  readonly key: string;
  readonly min: number;
  readonly max: number;
}

/** Other names under which the same parameter may come: a limit counts for all of them. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  max_tokens: ['max_tokens', 'max_completion_tokens', 'max_output_tokens'],
};

/**
 * `defaults` where the client says nothing, `required` whatever it says, and `limits` (`{max_tokens: {max: 512}}`): what
 * is beyond one is brought back to it, or refused with 400 (`beyond: refuse`). A maximum also counts for a client that
 * does not say a number.
 */
export const parameters: Shipped = () => (given) => {
  const config = new Config(given);
  const defaults = config.object('defaults');
  const required = config.object('required');
  const limits = Object.entries(config.object('limits')).map(([key, limit]) => readLimit(key, limit ?? null));
  const refuses = config.word('beyond', ['clamp', 'refuse'], 'clamp') === 'refuse';
  config.done();
  return {
    request({ body, dialect }) {
      if (body === null) return;
      for (const [key, value] of Object.entries(defaults)) body[key] ??= structuredClone(value);
      Object.assign(body, structuredClone(required));
      for (const limit of limits) apply(limit, body, { refuses, dialect });
    },
  };
};

function readLimit(key: string, limit: Json): Limit {
  const { min = null, max = null } = isObject(limit) ? limit : {};
  const isBound = (value: Json): boolean => value === null || typeof value === 'number';
  if (!isObject(limit) || !isBound(min) || !isBound(max) || (min === null && max === null))
    throw new Error(`limits.${key} must have min, max or both, as numbers`);
  return { key, min: (min ?? -Infinity) as number, max: (max ?? Infinity) as number };
}

function apply(
  { key, min, max }: Limit,
  body: JsonObject,
  { refuses, dialect }: { refuses: boolean; dialect: string | null },
): void {
  const names = NAMES[key] ?? [key];
  const given = names.filter((name) => typeof body[name] === 'number');
  for (const name of given) {
    const value = body[name] as number;
    const within = Math.min(max, Math.max(min, value));
    if (within === value) continue;
    if (refuses) {
      const bounds = [min === -Infinity ? '' : `at least ${min}`, max === Infinity ? '' : `at most ${max}`];
      const detail = `${name} must be ${bounds.filter((text) => text !== '').join(' and ')} for this model`;
      throw new HttpError(400, { detail });
    }
    body[name] = within;
  }
  if (given.length > 0 || key !== 'max_tokens' || max === Infinity || dialect === null) return;
  body[dialect === 'responses' ? 'max_output_tokens' : 'max_tokens'] = max;
}
