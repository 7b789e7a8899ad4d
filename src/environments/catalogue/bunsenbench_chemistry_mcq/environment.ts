import { z } from 'zod';
import { characters, isLetter, strip, upper } from '../../../python/index.js';
import { choicesRow } from '../../kit/choices.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { readOptions } from '../../kit/options.js';
import type { Options } from '../../kit/options.js';
import { allText } from '../../kit/reply-text.js';
import { keptKeys } from '../../kit/row-keys.js';
import { errorMode } from './error-mode.js';
import { groups, keyMetrics, metrics } from './metrics.js';
import { expectedLetter, readAnswer } from './read-answer.js';

const text = z.string().nullish();
const row = choicesRow.pick({ options: true }).extend({
  expected_answer: text,
  grading_mode: z.enum(['strict_single_letter_boxed', 'lenient_boxed', 'lenient_answer_colon']).optional(),
  template_metadata: z.record(z.string(), z.unknown()).nullish(),
  choices: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  uuid: text,
  bunsen_id: text,
  source: text,
  bct_field: text,
  bct_subfield: text,
});
type Row = z.infer<typeof row>;

/** The options of a row; without any its choices, which are lettered from A where they have no letter of their own. */
function optionsOf({ options, choices }: Row): Options {
  if (options != null && options.length > 0) return readOptions(options);
  return readOptions(
    (choices ?? []).slice(0, 26).flatMap((choice, at) => {
      const next = String.fromCharCode(65 + at);
      if (typeof choice === 'string') return [{ [next]: choice }];
      const { letter, label, key, id, text, content, value, choice: words } = choice;
      const name = [letter, label, key, id, next].find(Boolean);
      const said = [text, content, value, words].find(Boolean);
      if (typeof name !== 'string' || typeof said !== 'string') return [];
      return characters(strip(name)).length === 1 ? [{ [upper(strip(name))]: said }] : [];
    }),
  );
}

/** Chemistry questions whose answer stands in a `<choice>` tag: a letter, or the text of an option. */
export const bunsenbenchChemistryMcq = defineEnvironment({
  name: 'bunsenbench_chemistry_mcq',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({ grading_mode: z.string().nullish() }),
  row,
  verify({ row: task, response }) {
    const listed = optionsOf(task);
    const expected = expectedLetter(task.expected_answer ?? '', listed);
    const letters = isLetter(expected) ? new Set([...listed.letters, expected]) : listed.letters;
    const reply = allText(response);
    const answer = strip(reply) === '' ? null : readAnswer(strip(reply), { ...listed, letters });
    const told = (key: 'bunsen_id' | 'source' | 'bct_field' | 'bct_subfield') =>
      task[key] ?? task.metadata?.[key] ?? null;
    return {
      ...keptKeys(task, 'uuid', 'choices', 'metadata'),
      reward: Number(answer !== null && answer === expected),
      expected_answer: expected,
      extracted_answer: answer,
      no_answer: answer === null,
      error_mode: errorMode(response, reply, answer, expected),
      bunsen_id: told('bunsen_id'),
      source: told('source'),
      bct_field: told('bct_field'),
      bct_subfield: told('bct_subfield'),
    };
  },
  passMajority: { scores: { accuracy: 'reward' }, answerKey: 'extracted_answer', groups },
  metrics,
  keyMetrics,
});
