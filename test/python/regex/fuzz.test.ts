import { describe, expect, it } from 'vitest';
import { Grammar, randomFrom } from './grammar.js';
import { askPython, difference, ourAnswer } from './oracle.js';
import type { Case, Python } from './oracle.js';

/** NGYM_FUZZ=200000: that many pairs of pattern and text; NGYM_FUZZ_SEED begins elsewhere. */
const CASES = Number(process.env['NGYM_FUZZ'] ?? 2000);
const SEED = Number(process.env['NGYM_FUZZ_SEED'] ?? 1);
const BATCH = 5000;

const python = askPython([]);

/** What Python 3.14 changed: `\B` matches an empty text, `\z` is known. */
function isNewer({ pattern, text }: Case, version: Python['version']): boolean {
  return version[1] >= 14 && ((text === '' && pattern.includes('\\B')) || pattern.includes('\\z'));
}

describe('the matcher beside the `re` of Python', () => {
  it.skipIf(python === undefined)(
    `gives the same for ${CASES} random patterns and texts (needs python3 ≥ 3.11)`,
    () => {
      const grammar = new Grammar(randomFrom(SEED));
      const counts = { cases: 0, refused: 0, found: 0, leftOut: 0, newer: 0 };
      const differences: string[] = [];
      for (let done = 0; done < CASES; done += BATCH) {
        const cases = Array.from({ length: Math.min(BATCH, CASES - done) }, () => grammar.next());
        const { answers, version } = askPython(cases)!;
        cases.forEach((given, index) => {
          const [ours, pythons] = [ourAnswer(given), answers[index]!];
          counts.cases += 1;
          const unsure = ours.tooLong === true || pythons.tooLong === true || pythons.bug !== undefined;
          if (isNewer(given, version)) counts.newer += 1;
          else if (unsure) counts.leftOut += 1;
          else {
            if (pythons.refused !== undefined) counts.refused += 1;
            if ((pythons.all?.length ?? 0) > 0) counts.found += 1;
            const differs = difference(ours, pythons, version[1] === 13);
            if (differs !== undefined) differences.push(`${JSON.stringify(given)}\n${differs}`);
          }
        });
      }
      console.log(`Python ${python!.version.join('.')}:`, counts, `${differences.length} differences`);
      expect(differences.slice(0, 20)).toEqual([]);
      expect(counts.cases).toBe(CASES);
      // The generator still makes what it should: patterns of both kinds, hardly any that run away.
      expect(counts.refused).toBeGreaterThan(CASES / 50);
      expect(counts.found).toBeGreaterThan(CASES / 4);
      expect(counts.leftOut).toBeLessThan(CASES / 50);
    },
    3_600_000,
  );
});
