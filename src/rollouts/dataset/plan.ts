import { createHash } from 'node:crypto';
import type { MaterializeOptions } from './materializer.js';
import { limited, Materializer } from './materializer.js';

/** What a dataset comes to. Counts of rollouts unless said. */
export interface Plan {
  /** Lines of the dataset that are used. */
  rows: number;
  planned: number;
  /** By agent name. */
  agents: Record<string, number>;
  /** SHA-256, hex, of the lines that are used, each with a newline. */
  dataSha256: string;
  /** SHA-256, hex, of the materialized inputs. */
  tasksSha256: string;
}

/** SHA-256 of the lines that a run with this limit would use; equals {@link Plan.dataSha256}. */
export async function digestData(file: string, limit: number | null): Promise<string> {
  const hash = createHash('sha256');
  for await (const line of limited(file, limit)) hash.update(`${line.text}\n`);
  return hash.digest('hex');
}

/** Lines between two calls of `onRows`. */
const TOLD_EVERY = 100_000;

/**
 * Reads the whole dataset once, before anything is sent: checks every line, and writes the planned rollouts to
 * `target`, which appears only when all lines are good. Throws one error that lists the bad lines.
 * @param onRows told now and then how many lines were read
 */
export async function materialize(
  options: MaterializeOptions,
  onRows: (rows: number) => void = () => undefined,
): Promise<Plan> {
  const made = await Materializer.open(options);
  try {
    while (await made.block(TOLD_EVERY)) onRows(made.rows);
    made.check();
    return await made.commit();
  } catch (error) {
    await made.abandon();
    throw error;
  }
}
