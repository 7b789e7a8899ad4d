import path from 'node:path';
import { errors } from '../../errors/index.js';
import type { CollectOptions } from '../types.js';

/** What to verify again, and where to. Relative paths start at `cwd`. */
export interface ReverifyOptions extends Omit<CollectOptions, 'source'> {
  /** The materialized inputs of the run. */
  inputs: string;
  /** Its rollouts file; the failures file is the one beside it. */
  rollouts: string;
  /** New rollouts file; may be left out with `append`. */
  output?: string;
  /** Verify also where the environment does not say that it can; the output's name gets `unsafe_` in front. */
  force?: boolean;
  /** Move an output that exists aside. */
  overwrite?: boolean;
  /** Go on with an output of the same command. */
  resume?: boolean;
  /** Keep the results there are and verify only failed rollouts of the kind `judge_failed`. */
  judgeFailedOnly?: boolean;
  /** With `judgeFailedOnly`: write into the files of the run itself. */
  append?: boolean;
  /** At most this many rollouts. */
  limit?: number | null;
  /** Verifications at the same time; default 64. */
  concurrency?: number | null;
  disableAggregation?: boolean;
}

/** `undefined`, `null` or a positive integer, as text too. */
function positive(key: string, value: unknown, problems: string[]): number | null {
  if (value === undefined || value === null) return null;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  problems.push(`${key}: must be an integer, 1 or more`);
  return null;
}

/** The options, checked: paths are absolute. Throws `ROLLOUTS_INVALID_PARAMETERS`. */
export function checkOptions(options: ReverifyOptions) {
  const problems: string[] = [];
  const at = (file: string): string => path.resolve(options.cwd, file);
  const { append = false, overwrite = false, resume = false, judgeFailedOnly = false } = options;
  const rollouts = at(options.rollouts);
  const output = at(options.output ?? options.rollouts);
  const limit = positive('limit', options.limit, problems);
  const concurrency = positive('num_samples_in_parallel', options.concurrency, problems) ?? 64;
  if (append && !judgeFailedOnly) problems.push('append (--append): only with --judge-failed-only');
  if (append && overwrite) problems.push('append and overwrite: give one of them');
  if (resume && overwrite) problems.push('resume_from_cache and overwrite: give one of them');
  if (append && limit !== null) problems.push('append and limit: give one of them');
  if (append && output !== rollouts) {
    problems.push('output_jsonl_fpath (--output): with --append it is the rollouts file itself, or left out');
  }
  if (!append && output === rollouts) {
    problems.push(
      'output_jsonl_fpath (--output): missing, or the rollouts file itself, which is never changed without --append',
    );
  }
  if (problems.length > 0) throw errors.invalidParameters(problems);
  return {
    ...options,
    inputs: at(options.inputs),
    rollouts,
    output,
    limit,
    concurrency,
    append,
    overwrite,
    resume,
    judgeFailedOnly,
  };
}

export type CheckedOptions = ReturnType<typeof checkOptions>;
