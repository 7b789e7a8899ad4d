import { readLines } from './lines.js';

/** A planned rollout as it stands in the materialized inputs. */
export interface StoredTask {
  task: number;
  rollout: number;
  agent: string;
  /** The line: compact JSON. */
  text: string;
}

/** The end of nearly every line; parsing the whole line for three values would cost much more. */
const TAIL =
  /"agent_ref":\{(?:"type":"[^"\\]*",)?"name":"([^"\\]*)"\},(?:"skills_ref":\{[^{}]*\},)?"_ng_task_index":(-?\d+),"_ng_rollout_index":(\d+)\}$/;
const TAIL_CHARS = 400;

export function toTask(text: string): StoredTask {
  const quick = TAIL.exec(text.slice(-TAIL_CHARS));
  if (quick !== null) {
    return { task: Number(quick[2]), rollout: Number(quick[3]), agent: quick[1]!, text };
  }
  const row = JSON.parse(text) as {
    _ng_task_index: number;
    _ng_rollout_index: number;
    agent_ref: { name: string };
  };
  return { task: row._ng_task_index, rollout: row._ng_rollout_index, agent: row.agent_ref.name, text };
}

/** The planned rollouts of a run in order. Throws `SyntaxError` or `TypeError` on a line that we did not write. */
export async function* readTasks(file: string): AsyncGenerator<StoredTask, void, void> {
  for await (const line of readLines(file)) yield toTask(line.text);
}
