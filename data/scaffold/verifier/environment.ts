import { defineEnvironment, outputText } from 'ngym';
import { z } from 'zod';

/** The last whole number of a text; null where there is none. */
function lastNumber(text: string): number | null {
  const found = text.match(/-?\d+/g)?.at(-1);
  return found === undefined ? null : Number(found);
}

/** A question with one right number. */
export default defineEnvironment({
  name: 'my_environment',
  // Keys of a dataset row that are read here. A row that does not fit fails by itself, and says why.
  row: z.object({ expected: z.number().int() }),
  verify({ row, response }) {
    const answer = lastNumber(outputText(response));
    return { reward: Number(answer === row.expected), answer };
  },
});
