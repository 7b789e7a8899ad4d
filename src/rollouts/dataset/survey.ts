import { createHash } from 'node:crypto';
import { errors } from '../../errors/index.js';
import type { Plan } from './plan.js';
import { readTasks } from './tasks.js';
import type { StoredTask } from './tasks.js';

/**
 * Reads the materialized inputs of a stored run whole, hands every planned rollout to `onTask`, and says what they
 * come to. Throws `ROLLOUTS_DAMAGED_RUN` when the file cannot be read as such.
 */
export async function surveyTasks(
  file: string,
  known: { dataSha256: string },
  onTask: (task: StoredTask) => void = () => undefined,
): Promise<Plan> {
  const hash = createHash('sha256');
  const agents: Record<string, number> = {};
  let planned = 0;
  try {
    for await (const task of readTasks(file)) {
      planned += 1;
      hash.update(`${task.text}\n`);
      agents[task.agent] = (agents[task.agent] ?? 0) + 1;
      onTask(task);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw errors.damagedRun(file, planned + 1, error.message);
  }
  const tasksSha256 = hash.digest('hex');
  return { rows: planned, planned, agents, dataSha256: known.dataSha256, tasksSha256 };
}
