import { gradeNatively } from '../../src/environments/kit/math/grade.js';
import { workerFor } from '../../src/environments/kit/math/library.js';
import { allText } from '../../src/environments/kit/reply-text.js';
import type { Difference } from './oracle.js';
import { services } from './support.js';

/** Why math-verify cannot be asked here; undefined where it can. */
const missing = await workerFor(services.roots)
  .ask({ gold: String.raw`\boxed{1}`, reply: '1', seconds: 10 }, new AbortController().signal)
  .then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );

/** Of the mathematical environments: answers that are not graded natively, where nothing else could grade them. */
export const NEEDS_LIBRARY: readonly Difference[] =
  missing === undefined
    ? []
    : [
        {
          why: `an answer that needs math-verify fails as verify_unavailable (${missing})`,
          is: (one) =>
            one.status === 200 &&
            'library_reward' in one.verdict &&
            gradeNatively(one.row['expected_answer'] as string, allText(one.response!)) === undefined,
        },
      ];
