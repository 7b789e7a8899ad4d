import { z } from 'zod';
import type { ConfigObject, ResolvedConfig } from '../config/index.js';
import { agentBehind } from '../config/index.js';
import { didYouMean, errors } from '../errors/index.js';
import type { FailureKind } from '../protocol/index.js';
import { FAILURE_KINDS } from '../protocol/index.js';
import type { Treatment, Unanswered } from './run/unanswered.js';
import { TREATMENTS, UNANSWERED } from './run/unanswered.js';

/** Rollouts in flight when the user says nothing. */
export const DEFAULT_CONCURRENCY = 64;
/** How long a run waits for something that is out when the user says nothing: half an hour. */
export const DEFAULT_OUTAGE_SECONDS = 1800;
/** Bound for `num_samples_in_parallel=0`, the reference's "no limit". */
export const MAX_CONCURRENCY = 10_000;

const FALSE_WORDS = new Set(['false', 'no', 'off', 'n', 'f', '0']);
const TRUE_WORDS = new Set(['true', 'yes', 'on', 'y', 't', '1']);

/** Integers as lenient as the reference's: `4`, `4.0` and `"4"`. */
const integer = z.preprocess(
  (value) => (typeof value === 'string' && /^\s*[-+]?\d+(\.0*)?\s*$/.test(value) ? Number(value) : value),
  z.number({ error: 'must be an integer' }).refine(Number.isSafeInteger, 'must be an integer'),
);

const positive = integer.pipe(z.number().min(1, 'must be 1 or more'));
const count = integer.pipe(z.number().min(0, 'must be 0 or more'));

const flag = z.preprocess(
  (value) => {
    const word = String(value).toLowerCase();
    if (TRUE_WORDS.has(word)) return true;
    return FALSE_WORDS.has(word) ? false : value;
  },
  z.boolean({ error: 'must be true or false' }),
);

const text = z.string({ error: 'must be text' });

const amount = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
  z.number({ error: 'must be a number' }).positive('must be more than 0'),
);

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds, as a number or as `90s`, `30m`, `2h`, `1d`. */
const seconds = z.preprocess(
  (value) => {
    const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*([smhd])?\s*$/.exec(String(value)) ?? [];
    return digits === undefined ? value : Number(digits) * UNITS[unit ?? 's']!;
  },
  z
    .number({ error: 'must be a number of seconds, or a text such as 90s, 30m or 2h' })
    .min(0, 'must be 0 or more'),
);

const IF_POSSIBLE = 'if-possible';
const resume = z.union([z.literal(IF_POSSIBLE), flag], {
  error: 'must be true, false or if-possible',
});

const kind = z.custom<FailureKind>((value) => FAILURE_KINDS.some((known) => known === value), {
  error: ({ input }) =>
    `"${String(input)}" is not a kind of failure.${didYouMean(String(input), FAILURE_KINDS)}`,
});

/** `true` = all kinds; or one kind; or several, as a list or with commas between. */
const kinds = z.preprocess(
  (value) => {
    const word = String(value).toLowerCase();
    if (TRUE_WORDS.has(word)) return FAILURE_KINDS;
    if (FALSE_WORDS.has(word)) return [];
    return typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value;
  },
  z.array(kind, { error: 'must be true, or one or more kinds of failure' }),
);

const agentMap = z.record(z.string(), text, {
  error: 'must be {<agent or task_source of the rows>: <agent>, _default: <agent>}',
});

const fanOut = z.record(
  z.string(),
  z
    .array(text, { error: 'must be a list of agents' })
    .min(1, 'is an empty list, so that its rows would not be played at all')
    .refine((agents) => new Set(agents).size === agents.length, {
      error: 'names an agent twice; num_repeats is for repeating',
    }),
  { error: 'must be {<agent or task_source of the rows>: [<agent>, …]}' },
);

const repeats = z.union([positive, z.record(z.string(), positive)], {
  error: 'must be an integer of 1 or more, or {<agent>: <integer>, _default: <integer>}',
});

const treatment = z.custom<Treatment>((value) => TREATMENTS.some((known) => known === value), {
  error: ({ input }) => `must be one of ${TREATMENTS.join(', ')}, not ${JSON.stringify(input)}`,
});

/** `{content_filter: masked, empty: failed}` */
const unanswered = z
  .record(z.string(), treatment, {
    error: `must be {<stop reason>: ${TREATMENTS.join(' | ')}}, e.g. {content_filter: masked}`,
  })
  .superRefine((given, context) => {
    for (const key of Object.keys(given)) {
      if (UNANSWERED.some((known) => known === key)) continue;
      const message = `not a stop reason without an answer (${UNANSWERED.join(', ')}).${didYouMean(key, UNANSWERED)}`;
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });

const schema = z.object({
  input_jsonl_fpath: text.nullish(),
  output_jsonl_fpath: text.nullish(),
  agent_name: text.nullish(),
  agent_map: agentMap.nullish(),
  fan_out: fanOut.nullish(),
  limit: integer.nullish(),
  num_repeats: repeats.nullish(),
  num_repeats_add_seed: flag.nullish(),
  num_samples_in_parallel: count.nullish(),
  concurrency: count.nullish(),
  responses_create_params: z
    .record(z.string(), z.unknown(), { error: 'must be a dictionary of request fields' })
    .nullish(),
  prompt_config: text.nullish(),
  resume_from_cache: resume.nullish(),
  retry_failed: kinds.nullish(),
  max_cost_usd: amount.nullish(),
  max_total_tokens: amount.nullish(),
  max_wall_time: seconds.nullish(),
  stall_timeout_seconds: seconds.nullish(),
  max_outage_seconds: seconds.nullish(),
  prices: z.record(z.string(), z.unknown(), { error: 'must be {<model>: {input, output}}' }).nullish(),
  record: text.nullish(),
  replay: text.nullish(),
  check_dataset: z.enum(['beside', 'first'], { error: 'must be beside or first' }).nullish(),
  disable_aggregation: flag.nullish(),
  overwrite: flag.nullish(),
  preflight: flag.nullish(),
  unanswered: unanswered.nullish(),
  skills: z.object({ path: text.nullish() }, { error: 'must be {path: <directory>}' }).nullish(),
  split: z
    .enum(['train', 'validation', 'benchmark', 'example'], {
      error: 'must be train, validation, benchmark or example',
    })
    .nullish(),
});

/** Every top-level key that a collection reads from the configuration, beside server blocks. */
export const COLLECT_KEYS: readonly string[] = Object.keys(schema.shape);

/** What a collection is asked to do, from the flat configuration; defaults filled in. */
export interface CollectParameters {
  /** As given; relative to the search roots. */
  input: string | null;
  /** As given; relative to the working directory. */
  output: string;
  /** The agent that plays all rows that {@link agentMap} does not name. */
  agentName: string | null;
  /** As given: the agent that plays, by the agent or source that a row names; `_default` = all other rows. */
  agentMap: Readonly<Record<string, string>> | null;
  /** All agents that play the rows of an agent or source. */
  fanOut: Readonly<Record<string, readonly string[]>> | null;
  /** First N lines; null = all; negative = none. */
  limit: number | null;
  /** Rollouts per line, or per agent with `_default`. */
  numRepeats: number | Readonly<Record<string, number>>;
  addSeed: boolean;
  concurrency: number;
  /** Laid over each row's `responses_create_params`. */
  requestOverrides: ConfigObject;
  promptConfig: string | null;
  /** Resume what has no manifest; `ifPossible` = keep what still fits when the run differs. */
  resumeFromCache: boolean;
  resumeIfPossible: boolean;
  /** Failures to try again on resume whatever their number, besides those that are due. */
  retryFailed: ReadonlySet<FailureKind>;
  maxCostUsd: number | null;
  maxTotalTokens: number | null;
  /** Seconds from the start of this process's work to the end of dispatch. */
  maxWallSeconds: number | null;
  /** Seconds without progress after which an episode fails; 0 = never; null = the default of each phase. */
  stallSeconds: number | null;
  /** Seconds for which a model or server may be out before the run ends as incomplete; 0 = it ends at once. */
  outageSeconds: number;
  /** File to record every exchange with a provider to, or to answer them from. */
  record: string | null;
  replay: string | null;
  /** Whether a large dataset is checked whole before anything is sent, or beside the first rollouts. */
  checkDataset: 'beside' | 'first';
  disableAggregation: boolean;
  overwrite: boolean;
  /** Ask each model one tiny thing before the first rollout. */
  preflight: boolean;
  skillsPath: string | null;
  split: string | null;
  /** What endings without an answer count as; null = all are scored. */
  unanswered: Unanswered | null;
}

function describe(resolved: ResolvedConfig, key: string, message: string): string {
  const origin = resolved.origin(key);
  if (origin === undefined) return `${key}: ${message}`;
  const place = origin.text ?? [origin.file, origin.line].filter((part) => part !== undefined).join(':');
  return `${key}: ${message}${place === '' ? '' : ` (${place})`}`;
}

/**
 * `0` asks for no limit, as in the reference: the largest bound that keeps memory in check. A replay needs no
 * overlap, and one at a time its files come out the same each time.
 */
function concurrencyOf(asked: number | null | undefined, replay: string | null | undefined): number {
  if (asked === null || asked === undefined) return typeof replay === 'string' ? 1 : DEFAULT_CONCURRENCY;
  return asked === 0 ? MAX_CONCURRENCY : Math.min(asked, MAX_CONCURRENCY);
}

/** To score what ends without an answer is the default: saying so does not make another run. */
function otherThanScored(asked: Unanswered | null | undefined): Unanswered | null {
  const changes = Object.entries(asked ?? {}).filter(([, treatment]) => treatment !== 'score');
  return changes.length === 0 ? null : Object.fromEntries(changes);
}

/** An environment server of 0.7.0 may be named in place of the agent that it stands before. */
function agentNamed({ values }: ResolvedConfig, name: string | null): string | null {
  return name === null ? null : (agentBehind(values, name) ?? name);
}

/** Reads the parameters of a collection; one error lists every wrong or missing one. Other keys are ignored. */
export function readParameters(resolved: ResolvedConfig, mode: { split: boolean }): CollectParameters {
  const parsed = schema.safeParse(resolved.values);
  const problems: string[] = [];
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      problems.push(describe(resolved, issue.path.join('.'), issue.message));
    }
  }
  const given = (key: string): boolean => (resolved.values[key] ?? null) !== null;
  if (!given('output_jsonl_fpath')) {
    problems.push('output_jsonl_fpath (--output): missing; the file to write, e.g. results/rollouts.jsonl');
  }
  if (mode.split ? !given('split') && !given('input_jsonl_fpath') : !given('input_jsonl_fpath')) {
    problems.push(
      mode.split
        ? 'split (--split) or input_jsonl_fpath (--input): missing; which dataset to run'
        : 'input_jsonl_fpath (--input): missing; the dataset to read',
    );
  }
  if (parsed.success) {
    const { agent_name: agent, agent_map: map } = parsed.data;
    const fallback = map?.['_default'];
    if (agent != null && fallback !== undefined && fallback !== agent) {
      problems.push(
        `agent_name and agent_map._default: give one of them; they differ (${agent}, ${fallback})`,
      );
    }
  }
  if (given('record') && given('replay')) {
    problems.push('record and replay: give one of them; a replay has nothing new to record');
  }
  if (given('overwrite') && given('resume_from_cache') && parsed.success) {
    if (parsed.data.overwrite === true && (parsed.data.resume_from_cache ?? false) !== false) {
      problems.push('overwrite and resume_from_cache: give one of them; they ask for opposite things');
    }
  }
  if (!parsed.success || problems.length > 0) throw errors.invalidParameters(problems);
  const values = parsed.data;
  return {
    input: values.input_jsonl_fpath ?? null,
    output: values.output_jsonl_fpath!,
    agentName: agentNamed(resolved, values.agent_name ?? null),
    agentMap: values.agent_map ?? null,
    fanOut: values.fan_out ?? null,
    limit: values.limit === undefined || values.limit === 0 ? null : values.limit,
    numRepeats: values.num_repeats ?? 1,
    addSeed: values.num_repeats_add_seed ?? false,
    concurrency: concurrencyOf(values.num_samples_in_parallel ?? values.concurrency, values.replay),
    requestOverrides: (values.responses_create_params ?? {}) as ConfigObject,
    promptConfig: values.prompt_config ?? null,
    resumeFromCache: values.resume_from_cache === true,
    resumeIfPossible: values.resume_from_cache === IF_POSSIBLE,
    retryFailed: new Set(values.retry_failed ?? []),
    maxCostUsd: values.max_cost_usd ?? null,
    maxTotalTokens: values.max_total_tokens ?? null,
    maxWallSeconds: values.max_wall_time ?? null,
    stallSeconds: values.stall_timeout_seconds ?? null,
    outageSeconds: values.max_outage_seconds ?? DEFAULT_OUTAGE_SECONDS,
    record: values.record ?? null,
    replay: values.replay ?? null,
    checkDataset: values.check_dataset ?? 'beside',
    disableAggregation: values.disable_aggregation ?? false,
    overwrite: values.overwrite ?? false,
    preflight: (values.preflight ?? true) && (values.replay ?? null) === null,
    skillsPath: values.skills?.path ?? null,
    split: values.split ?? null,
    unanswered: otherThanScored(values.unanswered),
  };
}
