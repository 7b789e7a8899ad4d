import { conformanceRows } from '../support/conformance.js';
import { HttpFace, type JudgeServer } from './http-face.js';
import { problemsOf } from './http-oracle.js';
import type { Case } from './oracle.js';
import { PLAYED_BY } from './oracle.js';
import { settle } from './settle.js';

/**
 * Plays cases of an environment over HTTP and says what differs and is not listed. `most`: only so many, from all over
 * the file.
 */
export async function differingOverHttp(
  name: string,
  judges: JudgeServer,
  most = Infinity,
): Promise<string[]> {
  // Checks that are asked side by side, and again, come to a judge over HTTP in any order.
  const all = conformanceRows<Case>('environments', name, 'cases.jsonl').filter(
    ({ config }) => Number(config['judge_max_attempts'] ?? 1) === 1,
  );
  const step = Math.max(1, Math.ceil(all.length / most));
  const cases = all.filter((_one, index) => index % step === 0);
  const face = await HttpFace.open(PLAYED_BY[name] ?? name, cases, judges);
  const differing = new Map<Case, string>();
  try {
    for (const one of cases) {
      const played = await face.play(one);
      const problems = played === undefined ? [] : problemsOf(played, one);
      if (problems.length > 0) differing.set(one, problems.join('; '));
    }
  } finally {
    await face.close();
  }
  return (await settle(name, differing)).wrong;
}
