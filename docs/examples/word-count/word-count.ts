import { defineEnvironment, outputText } from 'ngym';
import { z } from 'zod';

/** The words of a text: what stands between white space. */
function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Write a sentence with exactly as many words as the row asks for. */
export default defineEnvironment({
  name: 'word_count',
  // Keys of the server's config block, besides the common ones.
  config: z.object({ tolerance: z.number().int().min(0).default(0) }),
  // Keys of a dataset row that are read here. A row that does not fit fails by itself, and says why.
  row: z.object({ expected_words: z.number().int().positive() }),
  // The state of one episode.
  open: () => ({ checks: 0 }),
  tools: {
    count_words: {
      parameters: z.object({ text: z.string() }),
      run(session, { text }) {
        session.checks += 1;
        return { words: words(text).length };
      },
    },
  },
  verify({ session, row, response, config }) {
    const found = words(outputText(response)).length;
    return {
      reward: Math.abs(found - row.expected_words) <= config.tolerance ? 1 : 0,
      found_words: found,
      checks: session.checks,
    };
  },
});
