import { existsSync } from 'node:fs';
import { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../../errors/index.js';
import {
  aggregateFile,
  createRunAggregator,
  type Aggregate,
  type AggregatorOptions,
} from '../../metrics/index.js';
import { beside, isSideFile } from '../files/beside.js';
import { openStored, rereadLine, storedLines } from '../files/lines.js';
import { rewardIn, scanStored } from '../files/scan.js';
import { makeFolder, writeWhole } from '../../files/index.js';
import { globFiles } from './glob.js';

export interface AggregateShardsOptions {
  /** Shell patterns; a comma separates several. */
  globs: string | readonly string[];
  /** Where the merged rollouts go; the metrics go beside it. Must not exist, unless it is not to be merged. */
  output: string;
  /** Where relative paths start. */
  cwd: string;
  /** Write the merged file too. Default true. */
  merge?: boolean | undefined;
  /** What to compute for an agent's rows, e.g. its environment. Default: the baseline statistics. */
  optionsFor?: ((agent: string) => AggregatorOptions) | undefined;
}

export interface AggregatedShards {
  /** The rollouts files that were read, sorted. */
  inputs: string[];
  /** Files that matched but hold something else. */
  skipped: string[];
  rows: number;
  /** The merged rollouts, or null. */
  output: string | null;
  metricsFile: string;
  agents: Map<string, Aggregate>;
}

interface Place {
  task: number;
  rollout: number;
  file: number;
  line: number;
  offset: number;
  length: number;
}

function matches(options: AggregateShardsOptions): { inputs: string[]; skipped: string[] } {
  const patterns = (typeof options.globs === 'string' ? [options.globs] : options.globs)
    .flatMap((glob) => glob.split(','))
    .map((glob) => glob.trim())
    .filter((glob) => glob !== '');
  const own = path.resolve(options.cwd, options.output);
  const found = [...new Set(patterns.flatMap((pattern) => globFiles(pattern, options.cwd)))].sort();
  const inputs = found.filter((file) => file !== own && !isSideFile(file));
  const skipped = found.filter((file) => !inputs.includes(file));
  if (inputs.length === 0) throw errors.reportNoMatch(patterns, skipped);
  return { inputs, skipped };
}

function checkDuplicates(places: readonly Place[], inputs: readonly string[]): void {
  for (let i = 1; i < places.length; i++) {
    const [a, b] = [places[i - 1]!, places[i]!];
    if (a.task !== b.task || a.rollout !== b.rollout) continue;
    const where = [a, b].map((place) => `${inputs[place.file]!}:${place.line}`);
    throw errors.reportDuplicateRollout(a.task, a.rollout, where);
  }
}

async function* merged(places: readonly Place[], inputs: readonly string[]): AsyncGenerator<string> {
  const handles: FileHandle[] = [];
  try {
    for (const file of inputs) handles.push(await openStored(file, 'rollouts file'));
    for (const place of places) yield `${await rereadLine(handles[place.file]!, place)}\n`;
  } finally {
    for (const handle of handles) await handle.close();
  }
}

/**
 * Merges rollouts files into one, sorted by task and rollout, and computes their aggregate metrics; needs no
 * server. Writes nothing before every row was read. Memory: some 100 bytes per row, never the rows.
 */
export async function aggregateShards(options: AggregateShardsOptions): Promise<AggregatedShards> {
  const { inputs, skipped } = matches(options);
  const output = path.resolve(options.cwd, options.output);
  const merge = options.merge ?? true;
  if (merge && existsSync(output)) throw errors.reportOutputExists(output);
  const run = createRunAggregator(options.optionsFor);
  const places: Place[] = [];
  for (const [file, name] of inputs.entries()) {
    for await (const line of storedLines(name, 'rollouts file')) {
      const row = scanStored(name, line);
      rewardIn(name, line, row);
      const { task, rollout } = row;
      places.push({ task, rollout, file, line: line.number, offset: line.offset, length: line.length });
      run.add(line.text);
    }
  }
  places.sort((a, b) => a.task - b.task || a.rollout - b.rollout);
  checkDuplicates(places, inputs);
  const agents = run.finish();
  await makeFolder(path.dirname(output));
  if (merge) await writeWhole(output, merged(places, inputs));
  const metricsFile = beside(output, '_aggregate_metrics.json');
  await writeWhole(metricsFile, aggregateFile(agents));
  return { inputs, skipped, rows: places.length, output: merge ? output : null, metricsFile, agents };
}
