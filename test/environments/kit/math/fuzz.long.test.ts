import { afterAll, describe, expect, it } from 'vitest';
import { boxedGold, gradeNatively } from '../../../../src/environments/kit/math/grade.js';
import { MathVerifyWorker } from '../../../../src/environments/kit/math/worker.js';
import { randomFrom } from '../../../python/regex/grammar.js';
import { Answers } from './answers.js';
import type { Pair } from './answers.js';

/** NGYM_FUZZ=20000: that many pairs of answers; NGYM_FUZZ_SEED begins elsewhere. */
const CASES = Number(process.env['NGYM_FUZZ'] ?? 400);
const SEED = Number(process.env['NGYM_FUZZ_SEED'] ?? 1);
/** Questions at a time: more make the library's own time limits pass. */
const AT_ONCE = 2;

const library = new MathVerifyWorker([]);
afterAll(() => library.stop());
const ask = ({ expected, reply }: Pair) =>
  library.ask({ gold: boxedGold(expected), reply, seconds: 20 }, new AbortController().signal);
const missing = await ask({ expected: '1', reply: '1' }).then(
  () => undefined,
  (error: unknown) => (error as Error).message,
);

describe('native grading beside math-verify', () => {
  it.skipIf(missing !== undefined)(
    `gives the same for ${CASES} random pairs, seed ${SEED} (${missing ?? 'the library is there'})`,
    async () => {
      const answers = new Answers(randomFrom(SEED));
      const counts = { pairs: 0, native: 0, equal: 0, handedOver: 0, tooSlow: 0 };
      const differences: string[] = [];
      const compare = async (pair: Pair): Promise<void> => {
        counts.pairs += 1;
        const ours = gradeNatively(pair.expected, pair.reply);
        if (ours === undefined) {
          counts.handedOver += 1;
          return;
        }
        const theirs = await ask(pair);
        counts.native += 1;
        counts.equal += ours.reward;
        // The library gives up after some seconds, and then says nothing: on a busy machine for any answer.
        if (theirs.extracted === null && ours.extracted !== null) counts.tooSlow += 1;
        else if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
          differences.push(
            `${JSON.stringify(pair)}\nours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`,
          );
        }
      };
      for (let done = 0; done < CASES; done += AT_ONCE) {
        await Promise.all(Array.from({ length: AT_ONCE }, () => compare(answers.pair())));
      }
      console.log(`seed ${SEED}:`, counts, `${differences.length} differences`);
      expect(differences.slice(0, 20)).toEqual([]);
      // The generator still makes what it should: mostly what is graded here, a good part of it equal.
      expect(counts.native).toBeGreaterThan(CASES / 2);
      expect(counts.equal).toBeGreaterThan(CASES / 20);
      expect(counts.tooSlow).toBeLessThan(CASES / 20 + 2);
    },
    3_600_000,
  );
});
