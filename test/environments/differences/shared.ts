import type { Difference } from '../oracle.js';

/** A server that hands the row's keys on breaks over one that is called as a field of its own. */
export const rowNamesTheReward: Difference = {
  why: 'a row key "reward" is only a key: it is graded as any other row; there, the server breaks (500)',
  is: ({ row, status }) => status === 500 && 'reward' in row,
};

/** A judge that could not be asked, or answered with no reply at all, is told of in the verdict there. */
export const judgeFailed: Difference = {
  why: 'a judge that could not be asked is a failure, to be played again, and no reward',
  is: ({ judge, verdict }) =>
    verdict['_ng_failure_class'] === undefined &&
    (judge ?? []).some(
      ({ reply: { status, body } }) =>
        status !== 200 || (body as { output?: unknown } | null)?.output === undefined,
    ),
};
