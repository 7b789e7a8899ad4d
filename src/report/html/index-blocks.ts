import { tokenCount, type JsonObject } from '../../protocol/index.js';
import { dataBlock } from './embed.js';
import { previewOf } from '../run/preview.js';
import type { StoredRollout } from './rollouts.js';
import type { RolloutStatus } from './statistics.js';

/** What the table and the numbers need of a rollout. */
export interface IndexEntry {
  task: number;
  rollout: number;
  agent: string;
  status: RolloutStatus;
  reward: number | null;
  usage: { input: number | null; output: number | null };
  durationMs: number | null;
  /** Class of the failure. */
  kind: string | null;
}

const PER_BLOCK = 500;

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null;

const objectOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null ? (value as JsonObject) : {};

export function indexEntry({ row, task, rollout, agent, status }: StoredRollout): IndexEntry {
  const usage = objectOf(objectOf(row.response).usage);
  const reward = status === 'scored' ? numberOf(row.reward) : null;
  const told = status === 'masked' ? (row.failure_kind ?? row._ng_failure_class) : row._ng_failure_class;
  const kind = typeof told === 'string' ? told : null;
  return {
    task,
    rollout,
    agent,
    status,
    reward,
    usage: { input: tokenCount(usage.input_tokens), output: tokenCount(usage.output_tokens) },
    durationMs: numberOf(objectOf(row._ng_run).duration_ms),
    kind,
  };
}

/** Collects entries into blocks of some hundred, so that neither side holds the whole index as one text. */
export class IndexBlocks {
  rollouts = 0;
  private readonly seen = new Set<number>();
  private previews: [number, string][] = [];
  private entries: unknown[][] = [];
  private blocks = 0;

  /** Different tasks so far. */
  get tasks(): number {
    return this.seen.size;
  }

  /** Takes the entry of the next rollout; gives a block when one is full. */
  add(entry: IndexEntry, row: JsonObject): string {
    const { task, rollout, agent, status, reward, usage, durationMs, kind } = entry;
    if (!this.seen.has(task)) {
      this.seen.add(task);
      this.previews.push([task, previewOf(row)]);
    }
    this.rollouts += 1;
    this.entries.push([task, rollout, agent, status, reward, usage.input, usage.output, durationMs, kind]);
    return this.entries.length < PER_BLOCK ? '' : this.flush();
  }

  /** What has not been given out yet, as a block. */
  flush(): string {
    if (this.entries.length === 0) return '';
    const block = dataBlock(`index-${this.blocks}`, { previews: this.previews, rollouts: this.entries });
    this.blocks += 1;
    this.previews = [];
    this.entries = [];
    return block;
  }
}
