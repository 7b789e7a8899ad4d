import { z } from 'zod';
import { CallFailure } from '../../../protocol/index.js';
import { LiteralError } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { textOrParts } from '../../kit/reply-text.js';
import { NeedsLibrary, Unscored } from './entry.js';
import type { Entry } from './entry.js';
import { extractAnswer } from './extract-answer.js';
import { SCORERS } from './scorers/index.js';

/** The credit for an answer; a dataset that the library does not have scores 0, as whatever it raises on. */
function score(task: string, answer: string, entry: Entry): number {
  const scorer = SCORERS.get(task);
  if (scorer === undefined) return 0;
  try {
    if (scorer === null) throw new NeedsLibrary('its own code');
    return scorer(answer, entry);
  } catch (error) {
    if (error instanceof Unscored || error instanceof LiteralError) return 0;
    if (!(error instanceof NeedsLibrary)) throw error;
    const problem =
      `An answer to "${task}" needs ${error.message}, which only the Python library has. ` +
      'Install reasoning-gym and run the server of NeMo Gym for such rows.';
    throw new CallFailure('verify_unavailable', problem, { cause: error });
  }
}

/** Puzzles of the reasoning-gym library, each with its own score. */
export const reasoningGym = defineEnvironment({
  name: 'reasoning_gym',
  version: 2,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({
    question: z.string(),
    answer: z.string().nullable(),
    metadata: z.looseObject({ source_dataset: z.string().min(1) }),
  }),
  verify({ row: { answer: gold, metadata }, response }) {
    const answer = extractAnswer(textOrParts(response));
    const task = metadata.source_dataset;
    const reward = score(task, answer, { answer: gold, metadata: metadata as Entry['metadata'] });
    return { reward, task_name: task, score: reward, extracted_answer: answer };
  },
});
