import { z } from 'zod';
import type { ResponsesReply } from '../../../protocol/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { callArguments, functionCalls } from '../../kit/function-calls.js';
import { characters, lenientInt } from '../../../python/index.js';

const row = z.object({
  id: lenientInt,
  expected_synonym_values: z.array(lenientInt).min(1),
  expected_synonyms: z.array(z.string()),
  minefield_label: z.string(),
  minefield_label_value: lenientInt,
});

/**
 * What the last `extract_synonym_values` call handed in, `true` as 1; nothing when there is none or it cannot be read.
 */
function handedIn(response: ResponsesReply): unknown[] {
  const last = functionCalls(response, 'extract_synonym_values').at(-1);
  const values = last === undefined ? undefined : callArguments(last)?.['synonym_values'];
  if (!Array.isArray(values)) return [];
  return values.map((value: unknown) => (typeof value === 'boolean' ? Number(value) : value));
}

/** How a value is shown: `"711"` is compared as the text that it is, and shown as the integer. */
const asInteger = (value: unknown): unknown => lenientInt.safeParse(value).data ?? value;

/** Look values up one by one, then hand all of them in, in the right order. */
export const exampleMultiStep = defineEnvironment({
  name: 'example_multi_step',
  version: 2,
  config: z.object({}),
  reverifyMode: 'stateless',
  row,
  tools: {
    get_synonym_value: {
      parameters: z.object({ synonym: z.string() }),
      run: (_session, { synonym }) => ({
        synonym_value: characters(synonym).reduce((sum, character) => sum + character.codePointAt(0)!, 0),
      }),
    },
    extract_synonym_values: {
      parameters: z.object({ synonym_values: z.array(lenientInt) }),
      run: () => ({ success: true }),
    },
  },
  verify({ row, response }) {
    const expected = row.expected_synonym_values;
    const actual = handedIn(response);
    const accuracy =
      actual.length === expected.length && actual.every((value, index) => value === expected[index]);
    const found = new Set(actual);
    const overlap = [...new Set(expected)].filter((value) => found.has(value)).length / expected.length;
    return {
      reward: Number(accuracy),
      parsed_synonym_values: actual.map(asInteger),
      accuracy,
      set_overlap: overlap,
      original_term_minefield_hit: found.has(row.minefield_label) || found.has(row.minefield_label_value),
      order_instruction_following_failure: !accuracy && overlap === 1,
    };
  },
});
