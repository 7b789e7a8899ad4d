import { z } from 'zod';
import { pythonEqual, pythonRegex } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { grid, isGrid } from '../../kit/grid.js';
import { assistantLines } from '../../kit/reply-text.js';

const BOXED = pythonRegex(String.raw`\\boxed\{(\[\s*\[[\d\s,\[\]]+\]\s*\])\}`);
const BARE = pythonRegex(String.raw`\[\s*\[[\d\s,\[\]]+\]\s*\]`);
const SPACE = pythonRegex(String.raw`\s+`);

/** The first grid that can be read: of those in a box, else of all. White space counts for nothing, between digits too. */
function readGrid(text: string): number[][] | null {
  const boxed = BOXED.findAll(text);
  for (const found of boxed.length > 0 ? boxed : BARE.findAll(text)) {
    const read = readJson(SPACE.sub('', found));
    if (isGrid(read) && read[0]!.length > 0) return read;
  }
  return null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Puzzles of the ARC: the grid that follows from the examples. */
export const arcAgi = defineEnvironment({
  name: 'arc_agi',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({
    train: z.array(z.record(z.string(), z.unknown())).default([]),
    test_input: grid.default([]),
    expected_output: grid.default([]),
    task_id: z.string().nullish(),
  }),
  verify({ row, response }) {
    const read = readGrid(assistantLines(response));
    return {
      reward: Number(read !== null && pythonEqual(read, row.expected_output)),
      expected_output: row.expected_output,
      predicted_output: read,
      extraction_successful: read !== null,
    };
  },
});
