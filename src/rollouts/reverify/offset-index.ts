import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { errors } from '../../errors/index.js';
import type { PlacedLine } from '../../files/index.js';
import { lineGroups } from '../../files/index.js';
import type { ScannedRow } from '../../metrics/index.js';
import { scanRow, storedReward } from '../../metrics/index.js';

const ROLLOUTS = 2 ** 21;
const WANTED = new Set(['_ng_failure_class']);

const keyOf = (task: number, rollout: number): number => task * ROLLOUTS + rollout;

/** Where each stored rollout stands in a file, to be read when its turn comes. Memory: some numbers per row. */
export class OffsetIndex {
  private readonly places = new Map<number, number>();
  private readonly cells: number[] = [];

  private constructor(private readonly handle: FileHandle) {}

  /**
   * Indexes the rows that `wanted` accepts (it gets the failure class, null without one). With `once`, a rollout
   * that is there twice or has no reward is an error; otherwise the last row counts. Throws `ROLLOUTS_DAMAGED_RUN`.
   */
  static async build(
    file: string,
    { once, wanted = () => true }: { once: boolean; wanted?: (failure: unknown) => boolean },
  ): Promise<OffsetIndex> {
    const index = new OffsetIndex(await open(file, 'r'));
    try {
      for await (const group of lineGroups(index.handle)) {
        for (const line of group) index.add(file, line, { once, wanted });
      }
    } catch (error) {
      await index.close();
      throw error;
    }
    return index;
  }

  private add(
    file: string,
    { bytes, number, offset, terminated }: PlacedLine,
    { once, wanted }: { once: boolean; wanted: (failure: unknown) => boolean },
  ): void {
    const text = bytes.toString('utf8');
    // Half a line was left by a process that was killed.
    if (!terminated || text.trim() === '') return;
    const row = scan(file, number, text);
    const { task, rollout, captured } = row;
    if (!wanted(JSON.parse(captured.get('_ng_failure_class') ?? 'null'))) return;
    if (once && this.has(task, rollout)) {
      throw errors.damagedRun(file, number, `the result of task ${task}, rollout ${rollout} is there twice`);
    }
    const reward = once ? storedReward(row) : null;
    if (typeof reward?.fault === 'string') throw errors.resultWithoutReward(file, number, reward.fault);
    this.places.set(keyOf(task, rollout), this.cells.push(offset, bytes.length) - 2);
  }

  /** Number of rollouts. */
  get size(): number {
    return this.places.size;
  }

  has(task: number, rollout: number): boolean {
    return this.places.has(keyOf(task, rollout));
  }

  /** The stored rollouts, as `task:rollout`, that are not in `known`. */
  missingFrom(known: ReadonlySet<number>): string[] {
    return [...this.places.keys()]
      .filter((key) => !known.has(key))
      .map((key) => `${Math.floor(key / ROLLOUTS)}:${((key % ROLLOUTS) + ROLLOUTS) % ROLLOUTS}`);
  }

  /** A rollout's key in {@link missingFrom}. */
  key(task: number, rollout: number): number {
    return keyOf(task, rollout);
  }

  /** The row's text, or null when there is none. */
  async read(task: number, rollout: number): Promise<string | null> {
    const at = this.places.get(keyOf(task, rollout));
    if (at === undefined) return null;
    const length = this.cells[at + 1]!;
    const buffer = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.handle.read(buffer, 0, length, this.cells[at]);
    return buffer.toString('utf8', 0, bytesRead);
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

function scan(file: string, line: number, text: string): ScannedRow {
  try {
    return scanRow(text, WANTED);
  } catch (error) {
    throw errors.damagedRun(file, line, (error as Error).message);
  }
}
