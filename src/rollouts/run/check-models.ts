import { preflight } from '../../models/index.js';
import type { Clock, Model } from '../../protocol/index.js';

/** A wrong key or address shows at once; a model that thinks for longer does not hold the run up. Unit: milliseconds. */
const PATIENCE_MS = 5000;

/**
 * Asks each model one tiny thing, all at the same time. Throws NgError when one cannot work; passes on warnings of
 * trouble that may pass. Goes on without an answer after {@link PATIENCE_MS}.
 */
export async function checkModels(
  models: readonly Model[],
  clock: Clock,
  warn: (message: string) => void,
): Promise<void> {
  const done = new AbortController();
  const checks = models.map(async (model) => {
    const warnings = await preflight(model, clock);
    if (!done.signal.aborted) for (const warning of warnings) warn(warning);
  });
  const all = Promise.all(checks);
  // Whoever is left behind tells of its trouble with its first rollouts.
  all.catch(() => undefined);
  try {
    await Promise.race([all, clock.sleep(PATIENCE_MS, done.signal)]);
  } finally {
    done.abort();
  }
}
