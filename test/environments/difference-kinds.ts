import type { Case, Difference } from './oracle.js';

/** Where the reference found fault with a request, as the first key after `body`; empty for any other answer. */
function refusedKeys({ status, verdict }: Case): string[] {
  const detail = status === 422 ? ((verdict as { detail?: { loc: string[] }[] }).detail ?? []) : [];
  return detail.map(({ loc }) => loc[1]!);
}

/**
 * Keys that grading does not use, and the form of the reply, are not looked at: the reference refuses the request
 * (422) where it has declared them.
 */
export function notLookedAt(...keys: string[]): Difference {
  const free = ['responses_create_params', 'response', ...keys];
  return {
    why: `not looked at: ${free.join(', ')}`,
    is: (one) => refusedKeys(one).length > 0 && refusedKeys(one).every((key) => free.includes(key)),
  };
}

/** The reference breaks (500) with such words; here the plain rule grades. */
export function breaks(on: string, words: RegExp): Difference {
  return {
    why: `the reference breaks on ${on}`,
    is: ({ status, verdict }) => status === 500 && words.test(JSON.stringify(verdict)),
  };
}

/** Ours gives no verdict, and says that only a library of Python's has what it takes for one of these. */
export function unavailable(why: string, of: RegExp): Difference {
  const failed = /verify_unavailable|status 500/;
  return { why, is: (_one, problem) => failed.test(problem) && of.test(problem) };
}

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
