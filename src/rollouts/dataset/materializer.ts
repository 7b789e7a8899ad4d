import { createHash } from 'node:crypto';
import { errors } from '../../errors/index.js';
import { WholeFile } from '../../files/index.js';
import type { ExpandOptions } from './expand.js';
import { Expander } from './expand.js';
import { checkForm } from './file-form.js';
import type { Line } from './lines.js';
import { readLines } from './lines.js';
import type { Plan } from './plan.js';
import { RowProblem } from './row-problem.js';
import { RowProblems } from './row-problems.js';
import type { Router } from './routing.js';

/** The lines that a run with this limit uses. */
export async function* limited(file: string, limit: number | null): ReturnType<typeof readLines> {
  if (limit !== null && limit <= 0) return;
  for await (const line of readLines(file)) {
    yield line;
    if (line.number === limit) return;
  }
}

export interface MaterializeOptions {
  /** The dataset. */
  input: string;
  /** Where the planned rollouts go; the file appears when all are there, and grows as `<target>.partial` until then. */
  target: string;
  limit: number | null;
  expand: ExpandOptions;
}

/**
 * Turns a dataset into planned rollouts, as far as it is asked to. Memory: some bytes per different task, whatever the
 * length of the rows.
 */
export class Materializer {
  /** The plan so far. */
  readonly agents: Record<string, number> = {};
  rows = 0;
  planned = 0;
  /** Bytes of `<target>.partial` that can be read. */
  bytes = 0;
  /** What is wrong with the lines that cannot be used. */
  readonly problems = new RowProblems();
  private readonly expander: Expander;
  private readonly data = createHash('sha256');
  private readonly tasks = createHash('sha256');
  private readonly lines: ReturnType<typeof readLines>;

  private constructor(
    private readonly options: MaterializeOptions,
    private readonly whole: WholeFile,
  ) {
    this.expander = new Expander(options.expand);
    this.lines = limited(options.input, options.limit);
  }

  /** Throws NgError for a file that is plainly of another form. */
  static async open(options: MaterializeOptions): Promise<Materializer> {
    await checkForm(options.input);
    return new Materializer(options, await WholeFile.open(options.target));
  }

  /**
   * Plans up to so many more lines; false when there are none left. With `stray`, a line that cannot be used becomes a
   * planned rollout of that agent, which fails alone; without, it is noted in {@link problems}.
   */
  async block(lines: number, stray?: string): Promise<boolean> {
    for (let i = 0; i < lines; i += 1) {
      const next = await this.lines.next();
      if (next.done === true) return false;
      await this.take(next.value, stray);
    }
    return true;
  }

  /** Puts what is planned so far on disk and into {@link bytes}. */
  async flush(): Promise<void> {
    this.bytes = await this.whole.flush();
  }

  /** Who plays the lines so far. */
  get router(): Router {
    return this.expander.router;
  }

  /** SHA-256 of the lines so far. */
  digest(): string {
    return this.data.copy().digest('hex');
  }

  /** Throws one error that lists the bad lines, or says that there is no line at all. */
  check(): void {
    if (this.problems.count > 0) throw this.problems.error(this.options.input);
    if (this.rows === 0) throw errors.emptyDataset(this.options.input, this.options.limit);
  }

  soFar(): Pick<Plan, 'rows' | 'planned' | 'agents'> {
    return { rows: this.rows, planned: this.planned, agents: { ...this.agents } };
  }

  /** Puts the file in its place. */
  async commit(): Promise<Plan> {
    await this.lines.return();
    await this.whole.commit();
    return { ...this.soFar(), dataSha256: this.digest(), tasksSha256: this.tasks.copy().digest('hex') };
  }

  async abandon(): Promise<void> {
    await this.lines.return();
    await this.whole.abandon();
  }

  private async take(line: Line, stray: string | undefined): Promise<void> {
    this.rows += 1;
    this.data.update(`${line.text}\n`);
    this.options.expand.onRow?.(line.text);
    for (const { agent, text } of this.expanded(line, stray)) {
      this.agents[agent] = (this.agents[agent] ?? 0) + 1;
      this.planned += 1;
      if (this.problems.count > 0) continue;
      this.tasks.update(`${text}\n`);
      await this.whole.write(`${text}\n`);
    }
  }

  private expanded(line: Line, stray: string | undefined): ReturnType<Expander['expand']> {
    try {
      return this.expander.expand(line);
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      if (stray !== undefined) {
        const problem = `${this.options.input}:${line.number}: ${error.message}`;
        return [this.expander.unusable(line, problem, stray)];
      }
      this.problems.add(line.number, error.message, error.hint);
      return [];
    }
  }
}
