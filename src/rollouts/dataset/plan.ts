import { createHash } from 'node:crypto';
import { errors } from '../../errors/index.js';
import { WholeFile } from '../../files/index.js';
import type { ExpandOptions } from './expand.js';
import { Expander, RowProblem } from './expand.js';
import { readLines } from './lines.js';

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

const KEPT_PROBLEMS = 20;

async function* limited(file: string, limit: number | null): ReturnType<typeof readLines> {
  if (limit !== null && limit <= 0) return;
  for await (const line of readLines(file)) {
    yield line;
    if (line.number === limit) return;
  }
}

/** SHA-256 of the lines that a run with this limit would use; equals {@link Plan.dataSha256}. */
export async function digestData(file: string, limit: number | null): Promise<string> {
  const hash = createHash('sha256');
  for await (const line of limited(file, limit)) hash.update(`${line.text}\n`);
  return hash.digest('hex');
}

/**
 * Reads the whole dataset once, before anything is sent: checks every line, and writes the planned rollouts to
 * `target`, which appears only when all lines are good. Throws one error that lists the bad lines. Memory: some
 * bytes per different task, whatever the length of the rows.
 */
export async function materialize(
  input: string,
  target: string,
  limit: number | null,
  options: ExpandOptions,
): Promise<Plan> {
  const expander = new Expander(options);
  const hashes = { data: createHash('sha256'), tasks: createHash('sha256') };
  const problems: string[] = [];
  const counts = { rows: 0, planned: 0, problems: 0 };
  const agents: Record<string, number> = {};
  const whole = await WholeFile.open(target);
  try {
    for await (const line of limited(input, limit)) {
      counts.rows += 1;
      hashes.data.update(`${line.text}\n`);
      try {
        for (const { agent, text } of expander.expand(line)) {
          agents[agent] = (agents[agent] ?? 0) + 1;
          counts.planned += 1;
          if (counts.problems > 0) continue;
          hashes.tasks.update(`${text}\n`);
          await whole.write(`${text}\n`);
        }
      } catch (error) {
        if (!(error instanceof RowProblem)) throw error;
        counts.problems += 1;
        if (problems.length < KEPT_PROBLEMS) problems.push(`${input}:${line.number}: ${error.message}`);
      }
    }
    if (counts.problems > 0) throw errors.invalidDataset(input, problems, counts.problems);
    if (counts.rows === 0) throw errors.emptyDataset(input, limit);
    await whole.commit();
  } catch (error) {
    await whole.abandon();
    throw error;
  }
  return {
    rows: counts.rows,
    planned: counts.planned,
    agents,
    dataSha256: hashes.data.digest('hex'),
    tasksSha256: hashes.tasks.digest('hex'),
  };
}
