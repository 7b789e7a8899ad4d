import { randomBytes } from 'node:crypto';
import type { Call, JsonObject, Model } from '../protocol/index.js';
import { CallFailure, idSource, isObject } from '../protocol/index.js';
import type { Transport } from '../transport/index.js';
import { openExchange } from '../translate/index.js';
import type { Dialect, TranslateOptions } from '../translate/index.js';
import type { Route } from './gateway.js';

const newId = idSource(randomBytes);

/** How one provider counts the tokens of a request. */
export interface CountSpec {
  name: string;
  upstream: Dialect;
  translate: Omit<TranslateOptions, 'newId'>;
  headers: Readonly<Record<string, string>>;
  transport: Transport;
  /** Where to ask, and what, for the body that the provider would be sent. */
  ask(sent: JsonObject, call: Call): Route & { endpoint: string; body: JsonObject };
  /** The count in the provider's answer; undefined: it does not count. */
  read(answer: JsonObject): unknown;
}

/** Statuses that say that there is no such endpoint. */
const NOT_OFFERED: ReadonlySet<number | undefined> = new Set([404, 405, 501]);

/**
 * Makes a model's `countTokens`. A provider that has no such endpoint, or answers without a count, is not asked
 * again.
 */
export function tokenCounter(spec: CountSpec): NonNullable<Model['countTokens']> {
  let offered = true;
  return async (dialect, body, call) => {
    if (!offered) return null;
    const options = { ...spec.translate, client: dialect, upstream: spec.upstream, stream: false, newId };
    const { body: sent } = openExchange({ ...body, stream: false }, options);
    const { body: asked, ...where } = spec.ask(sent, call);
    const request = {
      // Another name than the model's: that a provider does not count is no fault of the model.
      model: `${spec.name} (count of tokens)`,
      ...where,
      headers: spec.headers,
      body: JSON.stringify(asked),
      replaySafe: true,
      read: (answer: unknown) => (isObject(answer) ? spec.read(answer) : undefined),
    };
    try {
      const { value } = await spec.transport.exchange(request, call);
      if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (!NOT_OFFERED.has(error.details.status) && error.kind !== 'replay_miss') throw error;
    }
    offered = false;
    return null;
  };
}
