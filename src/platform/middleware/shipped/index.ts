import type { Clock, Middleware } from '../../../protocol/index.js';
import type { Ledger } from '../ledger.js';
import { cache } from './cache.js';
import { fallback } from './fallback.js';
import { limits } from './limits.js';
import { parameters } from './parameters.js';
import { redact } from './redact.js';
import { usage } from './usage.js';

/** The one name under which all that ships stands in chains; `config_type` says which. */
const NAME = 'ngym';
/** The reference's translation between dialects, taken for the sake of its clients: here every route translates by itself. */
export const TRANSLATOR = 'nemo-switchyard';

interface Services {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** A kind of middleware that ships: reads its configuration and makes its hooks. Throws Error for what does not fit. */
export type Shipped = (services: Services) => Middleware['open'];

const KINDS: Readonly<Record<string, Shipped>> = { parameters, redact, usage, limits, fallback, cache };

export function shipped(services: Services): Middleware[] {
  const open = Object.fromEntries(Object.entries(KINDS).map(([type, make]) => [type, make(services)]));
  return [
    { name: NAME, types: Object.keys(KINDS), open: (config, type) => open[type]!(config, type) },
    { name: TRANSLATOR, types: ['translate'], open: () => ({}) },
  ];
}
