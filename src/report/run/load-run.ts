import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import { scanRow, type ScannedRow } from '../../metrics/index.js';
import { tokenCount } from '../../protocol/index.js';
import { beside } from '../files/beside.js';
import { rewardIn } from '../files/scan.js';
import { storedLines, type StoredLine } from '../files/lines.js';
import { WordColumn } from './columns.js';
import { fieldPaths, fieldValue, type FieldPath } from './field-value.js';
import { StoredRun } from './stored-run.js';
import { TITLE_KEYS, titleOf } from './title.js';

export interface LoadRunOptions {
  /** Fields of input or result rows to group by: `category`, `metadata.level`. */
  by?: readonly string[] | undefined;
  /** Also say what each task is: {@link StoredRun.title}. */
  titles?: boolean;
}

interface Scanned {
  line: StoredLine;
  row: ScannedRow;
}

/**
 * The rows of a stored file. A last line that cannot be read is half written by a run that was killed or is still
 * going: it is left out with a notice. Any other bad line is an error with file and line.
 */
async function* scanned(
  file: string,
  wanted: ReadonlySet<string>,
  notices: string[],
): AsyncGenerator<Scanned, void, void> {
  let bad: { number: number; reason: string } | null = null;
  const fail = (found: { number: number; reason: string }): never => {
    throw errors.reportBadLine(file, found.number, found.reason);
  };
  for await (const line of storedLines(file, 'rollouts file')) {
    if (bad !== null) fail(bad);
    try {
      yield { line, row: scanRow(line.text, wanted) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      bad = { number: line.number, reason: error.message };
    }
  }
  if (bad !== null) notices.push(`The last line of ${file} is half written and was left out.`);
}

async function readManifest(file: string): Promise<Record<string, unknown> | null> {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch {
    throw errors.reportBadLine(file, 1, 'the manifest is not JSON');
  }
}

class Loader {
  private readonly paths: readonly FieldPath[];
  private readonly wanted: ReadonlySet<string>;

  constructor(
    private readonly run: StoredRun,
    by: readonly string[],
    private readonly titles: boolean,
  ) {
    this.paths = by.flatMap(fieldPaths);
    for (const { name } of this.paths) run.fields.set(name, new WordColumn());
    const tops = this.paths.map(({ top }) => top);
    const forTitles = titles ? TITLE_KEYS : [];
    this.wanted = new Set([
      '_ng_run',
      'extracted_answer',
      '_ng_failure_class',
      'failure_kind',
      'message',
      ...tops,
      ...forTitles,
    ]);
  }

  async inputs(): Promise<void> {
    const file = beside(this.run.file, '_materialized_inputs.jsonl');
    if (!existsSync(file)) {
      this.run.notices.push('There are no materialized inputs: only what is stored counts as planned.');
      return;
    }
    for await (const { row } of scanned(file, this.wanted, this.run.notices)) {
      const at = this.run.row(row.task, row.rollout);
      if (row.agent !== '') this.run.agent.set(at, row.agent);
      if (this.titles) this.run.title.set(at, titleOf(row.captured));
      this.group(at, row);
    }
  }

  async results(): Promise<void> {
    const { run } = this;
    // A run that was killed before its first result has inputs only; that is a report too.
    if (!existsSync(run.file) && run.size > 0) return;
    for await (const { row, line } of scanned(run.file, this.wanted, run.notices)) {
      const at = run.row(row.task, row.rollout);
      if (run.state.get(at) !== 'owed') {
        const places = [`${run.file}:${line.number}`];
        throw errors.reportDuplicateRollout(row.task, row.rollout, places);
      }
      const reward = rewardIn(run.file, line, row);
      run.state.set(at, reward === null ? 'masked' : 'scored');
      if (reward !== null) run.reward.set(at, reward);
      this.facts(at, row);
      run.offset.set(at, line.offset);
      run.length.set(at, line.length);
    }
  }

  async failures(): Promise<void> {
    const file = beside(this.run.file, '_failures.jsonl');
    if (!existsSync(file)) return;
    for await (const { row } of scanned(file, this.wanted, this.run.notices)) {
      const at = this.run.row(row.task, row.rollout);
      // A result is the last word, scored or masked.
      if (this.run.length.get(at) > 0) continue;
      const kind = JSON.parse(row.captured.get('_ng_failure_class') ?? '"agent_failed"') as string;
      this.run.state.set(at, kind === 'masked' ? 'masked' : 'failed');
      this.run.kind.set(at, kind);
      const message = row.captured.get('message');
      if (message !== undefined) this.run.message.set(at, oneLine(JSON.parse(message)));
      if (row.agent !== '' && this.run.agent.get(at) === null) this.run.agent.set(at, row.agent);
      this.group(at, row);
    }
  }

  private facts(at: number, row: ScannedRow): void {
    const { run } = this;
    if (row.agent !== '') run.agent.set(at, row.agent);
    for (const { name, value } of row.usage) {
      const tokens = tokenCount(value);
      if (tokens === null) continue;
      if (name === 'input_tokens') run.input.set(at, tokens);
      if (name === 'output_tokens') run.output.set(at, tokens);
    }
    const kind = row.masked ? row.captured.get('failure_kind') : undefined;
    if (kind?.startsWith('"') === true) run.kind.set(at, JSON.parse(kind) as string);
    const answer = row.captured.get('extracted_answer');
    if (answer !== undefined) run.answer.set(at, answer);
    const told = JSON.parse(row.captured.get('_ng_run') ?? '{}') as Record<string, unknown>;
    if (typeof told['duration_ms'] === 'number') run.duration.set(at, told['duration_ms']);
    if (typeof told['cost_usd'] === 'number') run.cost.set(at, told['cost_usd']);
    const judges = (told['judges'] ?? {}) as Record<string, unknown>;
    if (typeof judges['total_tokens'] === 'number') run.judgeTokens.set(at, judges['total_tokens']);
    if (typeof judges['cost_usd'] === 'number') run.judgeCost.set(at, judges['cost_usd']);
    if (typeof told['stop_reason'] === 'string') run.stop.set(at, told['stop_reason']);
    this.group(at, row);
  }

  /** The first file that has a field decides: inputs, then results, then failures. */
  private group(at: number, row: ScannedRow): void {
    for (const path of this.paths) {
      const column = this.run.fields.get(path.name)!;
      if (column.get(at) !== null) continue;
      const value = fieldValue(path, row.captured.get(path.top));
      if (value !== null) column.set(at, value);
    }
  }
}

/** Long messages are cut: they are kept for counting, and each different one costs memory. */
function oneLine(message: unknown): string {
  const text = String(message).replace(/\s+/g, ' ').trim();
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}

/** Reads the files of a run, line by line. Throws NgError for a missing file, a bad line or a double result. */
export async function loadRun(file: string, options: LoadRunOptions = {}): Promise<StoredRun> {
  const run = new StoredRun(file, await readManifest(beside(file, '_manifest.json')));
  const loader = new Loader(run, options.by ?? [], options.titles === true);
  await loader.inputs();
  await loader.results();
  await loader.failures();
  return run;
}
