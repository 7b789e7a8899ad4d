import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import { pythonEqual, pythonRegex, splitWords, strip } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { grid } from '../../kit/grid.js';
import { assistantLines } from '../../kit/reply-text.js';

const THOUGHT = pythonRegex('<think>.*?</think>', { dotAll: true });
const BOXED = pythonRegex(String.raw`\\boxed\{(.+)\}`, { dotAll: true });
const BLOCK = pythonRegex('```(?:python)?\\s*\\n.*?```', { dotAll: true });
const SIGNS = pythonRegex(String.raw`[^\s\w]`);
const WORD = pythonRegex(String.raw`\b\w+\b`);

/**
 * The digits that stand alone, in lines, from the first box to the last brace or else from everywhere; signs are left
 * out first, so that `1,2` is one word. Undefined for no lines, or lines of different lengths.
 */
function readGrid(text: string): number[][] | undefined {
  const boxed = BOXED.search(text)?.group(1) ?? text;
  const digits = WORD.sub(
    (word) => (/^[0-9]$/.test(word.group()!) ? word.group()! : ''),
    SIGNS.sub('', boxed),
  );
  const rows = digits
    .split('\n')
    .map((line) => splitWords(line).map(Number))
    .filter((row) => row.length > 0);
  return rows.length > 0 && rows.every(({ length }) => length === rows[0]!.length) ? rows : undefined;
}

/** Whether there is a program to run: in a code block, or anywhere by the name that it must have. */
const holdsProgram = (text: string): boolean =>
  BLOCK.search(text) !== undefined || text.includes('def transform');

const needsPython = (): CallFailure =>
  new CallFailure(
    'verify_unavailable',
    'agent_mode "inductive" runs a program of the model in Python: it needs the server of NeMo Gym',
  );

/** Puzzles of the ARC, answered with a grid in plain text. */
export const nvarc = defineEnvironment({
  name: 'nvarc',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({
    agent_mode: z.string().default('transductive'),
    python_timeout_seconds: z.number().default(30),
  }),
  row: z.object({
    train: z.array(z.record(z.string(), z.unknown())).default([]),
    test_input: grid.default([]),
    expected_output: grid.default([]),
    task_id: z.string().nullish(),
    agent_mode: z.string().nullish(),
  }),
  verify({ row, response, config }) {
    const mode = row.agent_mode == null || row.agent_mode === '' ? config.agent_mode : row.agent_mode;
    const reply = strip(THOUGHT.sub('', assistantLines(response)));
    if (mode === 'inductive' && holdsProgram(reply)) throw needsPython();
    const read = mode === 'inductive' ? undefined : readGrid(reply);
    const exact = read !== undefined && pythonEqual(read, row.expected_output);
    return {
      reward: Number(exact),
      expected_output: row.expected_output,
      predicted_output: read ?? null,
      extraction_successful: read !== undefined,
      exact_match: exact,
      agent_mode: mode,
    };
  },
});
