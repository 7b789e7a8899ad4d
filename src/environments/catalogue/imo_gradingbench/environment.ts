import { z } from 'zod';
import { lower, splitWords, strip } from '../../../python/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { assistantLines } from '../../kit/reply-text.js';
import { taskKeys } from '../../kit/row-keys.js';
import { keyMetrics, metrics } from './metrics.js';

/** The four grades: points of seven, and whether it is one of the two good ones. */
const GRADES = {
  correct: { points: 7, good: true },
  almost: { points: 6, good: true },
  partial: { points: 1, good: false },
  incorrect: { points: 0, good: false },
} as const;
type Grade = keyof typeof GRADES;

const asGrade = (word: string): Grade | null => (Object.hasOwn(GRADES, word) ? (word as Grade) : null);

/** The last word, Markdown and punctuation taken out of it. */
function readGrade(text: string): Grade | null {
  const last = splitWords(text).at(-1) ?? '';
  return asGrade(lower(last.replace(/[*_`.,;:!?()[\]{}]+/g, '')));
}

const text = z.string().nullable().default(null);

/** A proof is given one of four grades. */
export const imoGradingbench = defineEnvironment({
  name: 'imo_gradingbench',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: z.object({ expected_answer: text, grading_id: text, problem_id: text }),
  verify({ row, response }) {
    const said = readGrade(assistantLines(response));
    const right = asGrade(lower(strip(row.expected_answer ?? '')));
    const [one, other] = [said === null ? null : GRADES[said], right === null ? null : GRADES[right]];
    return {
      ...taskKeys(row),
      reward: Number(said !== null && said === right),
      extracted_grade: said,
      binary_match: one !== null && one.good === other?.good,
      score_diff: one === null || other === null ? null : Math.abs(one.points - other.points),
    };
  },
  passMajority: {
    scores: { exact_accuracy: 'reward', binarized_accuracy: 'binary_match' },
    answerKey: 'extracted_grade',
  },
  metrics,
  keyMetrics,
});
