import { open } from 'node:fs/promises';
import { readLines } from '../dataset/lines.js';
import { members, objectText, setMember } from '../text/json-text.js';

export interface RowKey {
  task: number;
  rollout: number;
}

const FLUSH_CHARS = 1 << 20;

/**
 * Copies the rows of a stored file to `target`, each under the key that `map` gives for its old one; rows without a
 * new key are left out. All other values keep their text. A torn last line is left out. Returns the rows copied.
 */
export async function copyRows(
  source: string,
  target: string,
  map: (key: RowKey) => RowKey | null,
): Promise<number> {
  const handle = await open(target, 'w');
  let copied = 0;
  let waiting = '';
  try {
    for await (const line of readLines(source)) {
      if (line.text.trim() === '' || !line.terminated) continue;
      const row = members(line.text);
      const index = (name: string): number => Number(row.find(({ key }) => key === name)?.raw ?? 0);
      const key = map({ task: index('_ng_task_index'), rollout: index('_ng_rollout_index') });
      if (key === null) continue;
      setMember(row, '_ng_task_index', String(key.task));
      setMember(row, '_ng_rollout_index', String(key.rollout));
      waiting += `${objectText(row)}\n`;
      copied += 1;
      if (waiting.length < FLUSH_CHARS) continue;
      await handle.appendFile(waiting);
      waiting = '';
    }
    await handle.appendFile(waiting);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return copied;
}
