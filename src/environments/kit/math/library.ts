import type { EnvironmentContext } from '../definition.js';
import { boxedGold, gradeNatively } from './grade.js';
import type { LibraryVerdict } from './grade.js';
import { MathVerifyWorker } from './worker.js';

/** One process for all environments of a search path. */
const workers = new Map<string, MathVerifyWorker>();

export function workerFor(roots: readonly string[] = []): MathVerifyWorker {
  const key = roots.join('\n');
  const worker = workers.get(key) ?? new MathVerifyWorker(roots);
  workers.set(key, worker);
  return worker;
}

/**
 * Whether a reply has the expected answer, by math-verify: natively where that is certain, else by the library itself in
 * a Python process. Throws CallFailure `verify_unavailable` where it is needed and not there.
 */
export async function libraryVerdict(
  { config, services, signal }: EnvironmentContext<{ readonly library_verifier_timeout_seconds: number }>,
  expected: string,
  reply: string,
): Promise<LibraryVerdict> {
  const known = gradeNatively(expected, reply);
  if (known !== undefined) return known;
  const question = { gold: boxedGold(expected), reply, seconds: config.library_verifier_timeout_seconds };
  return workerFor(services.roots).ask(question, signal);
}
