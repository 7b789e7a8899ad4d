import path from 'node:path';
import { errors } from '../../errors/index.js';
import { runFiles } from '../store/run-files.js';
import type { CollectOptions } from '../types.js';

/** What to verify again, and where to. Relative paths start at `cwd`. */
export interface ReverifyOptions extends Omit<CollectOptions, 'source'> {
  /** The materialized inputs of the run; default: those beside `rollouts`. */
  inputs?: string;
  /** Its rollouts file; the failures file is the one beside it. */
  rollouts: string;
  /** New rollouts file; may be left out with `append` or `inPlace`. */
  output?: string;
  /** Verify also where the environment does not say that it can; the output's name gets `unsafe_` in front. */
  force?: boolean;
  /** Move an output that exists aside. */
  overwrite?: boolean;
  /** Go on with an output of the same command. */
  resume?: boolean;
  /** Keep the results there are and verify only failed rollouts that lack a verdict: of the kinds `judge_failed` and `verify_unavailable`. */
  judgeFailedOnly?: boolean;
  /** With `judgeFailedOnly`: write into the files of the run itself. */
  append?: boolean;
  /** Put the new rewards in the place of the run's; the former ones are kept aside. The run can then go on. */
  inPlace?: boolean;
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

/** What does not go together with `inPlace`. */
function inPlaceProblems(given: {
  output: string;
  rollouts: string;
  inputs: string;
  limit: number | null;
  append?: boolean;
  judgeFailedOnly?: boolean;
  overwrite?: boolean;
  force?: boolean;
}): string[] {
  const problems: string[] = [];
  if (given.output !== given.rollouts) {
    problems.push(
      'output_jsonl_fpath (--output): with --in-place it is the rollouts file itself, or left out',
    );
  }
  if (given.inputs !== runFiles(given.rollouts).materializedInputs) {
    problems.push(
      'materialized_inputs_jsonl_fpath (--inputs): with --in-place it is that of the run, or left out',
    );
  }
  const others = {
    append: given.append,
    judge_failed_only: given.judgeFailedOnly,
    overwrite: given.overwrite,
  };
  for (const [key, value] of Object.entries({ ...others, force: given.force, limit: given.limit !== null })) {
    if (value === true) problems.push(`in_place and ${key}: give one of them`);
  }
  return problems;
}

/** The options, checked: paths are absolute. Throws `ROLLOUTS_INVALID_PARAMETERS`. */
export function checkOptions(options: ReverifyOptions) {
  const problems: string[] = [];
  const at = (file: string): string => path.resolve(options.cwd, file);
  const { append = false, overwrite = false, resume = false, judgeFailedOnly = false } = options;
  const { inPlace = false } = options;
  const rollouts = at(options.rollouts);
  const output = at(options.output ?? options.rollouts);
  const inputs = options.inputs === undefined ? runFiles(rollouts).materializedInputs : at(options.inputs);
  const limit = positive('limit', options.limit, problems);
  const concurrency = positive('num_samples_in_parallel', options.concurrency, problems) ?? 64;
  if (append && !judgeFailedOnly) problems.push('append (--append): only with --judge-failed-only');
  if (append && overwrite) problems.push('append and overwrite: give one of them');
  if (resume && overwrite) problems.push('resume_from_cache and overwrite: give one of them');
  if (append && limit !== null) problems.push('append and limit: give one of them');
  if (append && output !== rollouts) {
    problems.push('output_jsonl_fpath (--output): with --append it is the rollouts file itself, or left out');
  }
  if (inPlace) problems.push(...inPlaceProblems({ ...options, output, rollouts, inputs, limit }));
  if (!append && !inPlace && output === rollouts) {
    problems.push(
      'output_jsonl_fpath (--output): missing, or the rollouts file itself, which is changed only with --in-place',
    );
  }
  if (problems.length > 0) throw errors.invalidParameters(problems);
  return {
    ...options,
    inputs,
    rollouts,
    output,
    limit,
    concurrency,
    append,
    overwrite,
    resume,
    judgeFailedOnly,
    inPlace,
  };
}

export type CheckedOptions = ReturnType<typeof checkOptions>;
