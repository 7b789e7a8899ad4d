import { z } from 'zod';
import { parseIntText, pythonRegex } from '../../../python/index.js';
import { circlesOfColour, circlesRow } from '../../kit/circles.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { allText } from '../../kit/reply-text.js';

const BOXED = pythonRegex(String.raw`\\boxed\{(\d+)\}`);

/** How many circles of a colour are in a picture: the number in the first box that holds digits only. */
export const circleCount = defineEnvironment({
  name: 'circle_count',
  version: 1,
  reverifyMode: 'stateless',
  config: z.object({}),
  row: circlesRow,
  verify({ row, response }) {
    const digits = BOXED.search(allText(response))?.group(1);
    const counted = digits === undefined ? null : parseIntText(digits)!;
    const expected = circlesOfColour(row).length;
    const correct = counted === expected;
    return { reward: Number(correct), predicted_count: counted, expected_count: expected, correct };
  },
});
