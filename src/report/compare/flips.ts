import type { FileHandle } from 'node:fs/promises';
import { outputText, type ResponsesReply } from '../../protocol/index.js';
import { openStored, rereadLine } from '../files/lines.js';
import type { StoredRun } from '../run/stored-run.js';
import { change, type PairedTask } from './paired-tasks.js';

/** One side of a flip: the rollout that shows the change best. */
export interface FlipSide {
  task: number;
  mean: number;
  rollout: number;
  reward: number;
  /** `extracted_answer`, if the verifier told it. */
  answer: string | null;
  /** The visible text of the reply, its last 2,000 characters. */
  text: string;
}

export interface Flip {
  first: FlipSide;
  second: FlipSide;
  difference: number;
}

const LONGEST = 2000;

function tail(text: string): string {
  return text.length <= LONGEST ? text : `…${text.slice(-LONGEST)}`;
}

async function side(
  run: StoredRun,
  handle: FileHandle,
  task: PairedTask['a'],
  want: 'best' | 'worst',
): Promise<FlipSide> {
  const sign = want === 'best' ? 1 : -1;
  const rewards = task.rows.map((row) => run.reward.get(row) * sign);
  const row = task.rows[rewards.indexOf(Math.max(...rewards))]!;
  const line = await rereadLine(handle, { offset: run.offset.get(row), length: run.length.get(row) });
  const stored = JSON.parse(line) as { response?: Partial<ResponsesReply>; extracted_answer?: unknown };
  const { extracted_answer: answer } = stored;
  return {
    task: task.task,
    mean: task.mean,
    rollout: run.rollout.get(row),
    reward: run.reward.get(row),
    answer:
      answer === undefined || answer === null
        ? null
        : typeof answer === 'string'
          ? answer
          : JSON.stringify(answer),
    text: Array.isArray(stored.response?.output) ? tail(outputText({ output: stored.response.output })) : '',
  };
}

/** The tasks that changed most, losses before gains of the same size, with an answer of each run. */
export async function readFlips(
  runs: { first: StoredRun; second: StoredRun },
  tasks: readonly PairedTask[],
  most: number,
): Promise<Flip[]> {
  const changed = tasks
    .map((task) => ({ task, difference: change(task) }))
    .filter(({ difference }) => difference !== 0)
    .sort(
      (x, y) =>
        Math.abs(y.difference) - Math.abs(x.difference) ||
        x.difference - y.difference ||
        x.task.a.task - y.task.a.task,
    )
    .slice(0, most);
  const a = await openStored(runs.first.file, 'rollouts file');
  try {
    const b = await openStored(runs.second.file, 'rollouts file');
    try {
      const flips: Flip[] = [];
      for (const { task, difference } of changed) {
        const lost = difference < 0;
        flips.push({
          first: await side(runs.first, a, task.a, lost ? 'best' : 'worst'),
          second: await side(runs.second, b, task.b, lost ? 'worst' : 'best'),
          difference,
        });
      }
      return flips;
    } finally {
      await b.close();
    }
  } finally {
    await a.close();
  }
}
