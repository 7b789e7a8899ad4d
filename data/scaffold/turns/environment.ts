import { defineEnvironment, outputText } from 'ngym';
import { z } from 'zod';

const MOST_TRIES = 6;

/** A number is to be guessed; after each guess the model hears whether the number is higher or lower. */
export default defineEnvironment({
  name: 'my_environment',
  // Keys of a dataset row that are read here. A row that does not fit fails by itself, and says why.
  row: z.object({ secret: z.number().int() }),
  // The state of one episode.
  open: () => ({ tries: 0 }),
  reset: () => ({ observation: 'I think of a whole number from 1 to 20. Say a number.' }),
  step({ session, row, response }) {
    session.tries += 1;
    const found = /-?\d+/.exec(outputText(response));
    const info = { tries: session.tries };
    if (found !== null && Number(found[0]) === row.secret) return { reward: 1, terminated: true, info };
    if (session.tries === MOST_TRIES) return { truncated: true, info };
    if (found === null) return { observation: 'Say a number.', info };
    return { observation: Number(found[0]) < row.secret ? 'Higher.' : 'Lower.', info };
  },
});
