import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ResolvedConfig } from '../../config/index.js';
import { errors } from '../../errors/index.js';
import { pathCandidates } from '../../config/index.js';
import { tokensOf } from './budget.js';

/** US dollars per million tokens. */
const price = z.object({
  input: z.number().min(0),
  output: z.number().min(0),
  /** For input tokens that the provider had cached; default: as other input. */
  cached_input: z.number().min(0).nullish(),
});

type Price = z.infer<typeof price>;

/** The table that ships, found through the search roots. */
const SHIPPED = 'prices.json';

/** What ships is the last root: a file of that name in the working directory is something else. */
function shipped(roots: readonly string[]): Record<string, unknown> {
  const file = pathCandidates(SHIPPED, roots)
    .reverse()
    .find((candidate) => existsSync(candidate));
  if (file === undefined) return {};
  const { models } = JSON.parse(readFileSync(file, 'utf8')) as { models?: Record<string, unknown> };
  return models ?? {};
}

/** What tokens cost, by model: the shipped table, under the configuration's own `prices: {<model>: {input, output}}`. */
export class Prices {
  private readonly table: ReadonlyMap<string, Price>;

  /** Throws NgError when a configured price is not one. */
  constructor(resolved: ResolvedConfig) {
    const own = resolved.values.prices;
    const configured = typeof own === 'object' && own !== null && !Array.isArray(own) ? own : {};
    const problems: string[] = [];
    const table = new Map<string, Price>();
    for (const [model, value] of Object.entries({ ...shipped(resolved.roots), ...configured })) {
      const parsed = price.safeParse(value);
      if (parsed.success) table.set(model, parsed.data);
      else problems.push(`prices.${model}: must be {input, output} in US dollars per million tokens`);
    }
    if (problems.length > 0) throw errors.invalidParameters(problems);
    this.table = table;
  }

  has(model: string): boolean {
    return this.table.has(model);
  }

  /** What this `usage` costs; null when the price or the count is unknown: an unknown is not a zero. */
  cost(model: string, usage: unknown): number | null {
    const found = this.table.get(model);
    const tokens = tokensOf(usage);
    if (found === undefined || tokens === null) return null;
    const fresh = Math.max(0, tokens.input - tokens.cached);
    const cached = tokens.input - fresh;
    return (
      (fresh * found.input + cached * (found.cached_input ?? found.input) + tokens.output * found.output) /
      1e6
    );
  }
}
