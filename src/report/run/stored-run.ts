import { NumberColumn, WordColumn } from './columns.js';

/** Where a planned rollout stands: `owed` = nothing is stored of it. */
export type State = 'scored' | 'failed' | 'masked' | 'owed';

/** Digits of a rollout index in a key; task indices may have the rest of 2^53. */
const ROLLOUTS = 2 ** 26;

/**
 * What reports need of every rollout of a run, in columns: about 150 bytes per rollout, never the rows. All columns
 * are indexed by the same row number; {@link order} gives row numbers by task and rollout.
 */
export class StoredRun {
  /** Rollouts that were planned, or that are stored though nothing says that they were planned. */
  size = 0;
  readonly task = new NumberColumn();
  readonly rollout = new NumberColumn();
  readonly agent = new WordColumn();
  readonly state = new WordColumn();
  readonly reward = new NumberColumn();
  /** Tokens. */
  readonly input = new NumberColumn();
  readonly output = new NumberColumn();
  /** Milliseconds of the whole episode. */
  readonly duration = new NumberColumn();
  /** US dollars. */
  readonly cost = new NumberColumn();
  /** What its judges used: tokens, and US dollars. */
  readonly judgeTokens = new NumberColumn();
  readonly judgeCost = new NumberColumn();
  readonly kind = new WordColumn();
  /** What a failed rollout says of itself, cut to a line. */
  readonly message = new WordColumn();
  readonly stop = new WordColumn();
  /** JSON text of `extracted_answer`. */
  readonly answer = new WordColumn();
  /** Id and beginning of the question of its input row; filled only when asked for. */
  readonly title = new WordColumn();
  /** Value of each field that results are grouped by. */
  readonly fields = new Map<string, WordColumn>();
  /** Where the row is in the rollouts file, in bytes. */
  readonly offset = new NumberColumn();
  readonly length = new NumberColumn();
  readonly notices: string[] = [];
  private readonly rows = new Map<number, number>();
  private sorted: Uint32Array | null = null;

  constructor(
    /** The rollouts file. */
    readonly file: string,
    readonly manifest: Readonly<Record<string, unknown>> | null,
  ) {}

  /** The row of a rollout, made when it is new. */
  row(task: number, rollout: number): number {
    const key = task * ROLLOUTS + rollout;
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    const row = this.size++;
    this.rows.set(key, row);
    this.task.set(row, task);
    this.rollout.set(row, rollout);
    this.state.set(row, 'owed');
    return row;
  }

  /** Row numbers by ascending task and rollout. */
  order(): Uint32Array {
    if (this.sorted?.length !== this.size) {
      this.sorted = Uint32Array.from({ length: this.size }, (_, row) => row).sort(
        (a, b) => this.task.get(a) - this.task.get(b) || this.rollout.get(a) - this.rollout.get(b),
      );
    }
    return this.sorted;
  }
}
